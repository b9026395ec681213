import type { Range } from '../../base/range.ts';
import type { Proof, ProofCounterexample, ProofEvent, ProofStep, ProofValue, Tally } from './proof.ts';

/** Values of a line of a message. */
const MAX_INPUTS = 4;
const MAX_STEPS = 4;

/** `proved (induction; keeps @start[k] <= now)`, `refuted`, `unknown: …`: one line for people. */
export function verdictText(proof: Proof): string {
  switch (proof.verdict) {
    case 'proved':
      return `proved (${[proof.by === 'events' ? `for up to ${proof.events ?? 1} events` : (proof.by ?? 'always'), ...(proof.invariants.length > 0 ? [`keeps ${proof.invariants.join(', ')}`] : []), ...(proof.rounds === undefined ? [] : [`loops: ${proof.rounds} rounds`])].join('; ')})`;
    case 'refuted':
      return 'refuted';
    case 'unknown':
      return `unknown: ${unknownText(proof)}`;
  }
}

/** What each reason means; the prover's own words say more. */
const REASONS: Readonly<Record<NonNullable<Proof['reason']>, string>> = {
  bound: 'no violation within the events that were looked at, and no proof for more',
  'time-out': 'the solver did not finish in time',
  contradictory: 'what is assumed excludes every event',
  vacuous: 'nothing ever comes here',
  unsupported: 'something on the way has no meaning for the prover',
  killed: 'the solver was ended from outside',
  crashed: 'the solver crashed',
  incomplete: 'the solver gave up',
  disagreement: 'the values that were found break nothing when they are replayed, or two engines disagree',
};

/** `bound: …`. */
export function unknownText({ reason = 'incomplete', detail = '' }: Proof): string {
  return `${reason}: ${detail === '' ? REASONS[reason] : detail}`;
}

/** `3 proved · 1 refuted`; empty when there is nothing. */
export function tallyText(counts: Tally, separator = ' · '): string {
  return (['proved', 'refuted', 'unknown'] as const).flatMap((kind) => (counts[kind] === 0 ? [] : [`${counts[kind]} ${kind}`])).join(separator);
}

/** `skc_dport = 0x5000 ⇒ $dport = 20480, asserted 80`: what a violation comes to, in one line. */
export function violationText({ says }: Proof, { events }: ProofCounterexample): string {
  const last = events.at(-1);
  if (!last) return '';
  const before = events.slice(0, -1).map(({ handler }) => handler);
  const inputs = telling(last, says).map((input) => `${shortName(input.name)} = ${input.text}`);
  // Which way it went is told along the way.
  const set = last.steps.slice(0, -1).filter(({ name }) => name !== '').slice(-MAX_STEPS).map(stepText);
  const asserted = last.steps.at(-1)?.asserted;
  const steps = [...set, ...(asserted === undefined ? [] : [`asserted ${asserted}`])];
  const after = before.length > 0 ? `after ${before.join(', ')}: ` : '';
  return `${after}${inputs.join(', ')}${inputs.length > 0 && steps.length > 0 ? ' ⇒ ' : ''}${steps.join(', ')}`;
}

export function stepText({ name, text, asserted }: ProofStep): string {
  if (name !== '') return `${shortName(name)} = ${text}`;
  return asserted === undefined ? text : `asserted ${asserted}`;
}

/** The steps of an event as they are told, the last one of the last event being the violation. */
export function toldSteps({ steps }: ProofEvent, violates: boolean): readonly { readonly range: Range; readonly text: string }[] {
  const told = steps.map((step, i) => ({ range: step.range, text: violates && i === steps.length - 1 ? `violated${step.asserted === undefined ? '' : `: ${stepText(step)}`}` : step.name === '' ? WAY[step.text] ?? step.text : stepText(step) }));
  return told.filter(({ text }) => text !== '');
}

/** Which way a branch went. */
const WAY: Readonly<Record<string, string>> = { true: 'holds', false: 'does not hold' };

/** `((struct sock *)arg0)->__sk_common.skc_dport` is known by its last name. */
export function shortName(name: string): string {
  return /->[\w.]*?(\w+)$/.exec(name)?.[1] ?? name;
}

/** The inputs that matter: those named in the condition first, addresses only where there is nothing else. */
function telling({ inputs }: ProofEvent, says: string): readonly ProofValue[] {
  const plain = inputs.filter(({ name, text }) => says.includes(shortName(name)) || !ADDRESS.test(text));
  const wanted = plain.length > 0 ? plain : inputs;
  const named = wanted.filter(({ name }) => says.includes(shortName(name)));
  return wanted.filter((input) => named.includes(input) || named.length < MAX_INPUTS).slice(0, MAX_INPUTS);
}

const ADDRESS = /^0xffff[0-9a-f]{12}$/;

/** The tree of verdicts and counterexamples, made from what the server tells. Pure; `view.ts` shows it. */
import type { Proof, ProofEvent, Proofs } from '../../../server/src/protocol.ts';

/** A place of the source, zero-based, and what is known there. */
export interface Stop {
  readonly line: number;
  readonly character: number;
  /** `$dport = 20480`, at the end of the line. */
  readonly note?: string;
}

export interface Item {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip: string;
  readonly icon: 'proved' | 'refuted' | 'unknown' | 'event' | 'input' | 'step' | 'violated' | 'rests';
  readonly children: readonly Item[];
  readonly open: boolean;
  readonly stop?: Stop;
}

/** The refuted first: they are why somebody looks. */
export function itemsOf({ proofs, assumptions }: Proofs): readonly Item[] {
  const order = { refuted: 0, unknown: 1, proved: 2 } as const;
  const items = proofs.map((proof, i) => proofItem(proof, `${i}`)).toSorted((a, b) => order[a.icon as Proof['verdict']] - order[b.icon as Proof['verdict']]);
  return [...items, ...(assumptions.length === 0 ? [] : [{ id: 'assumed', label: 'Taken for granted', tooltip: 'Conditions of the knowledge base that the proofs rest on.', icon: 'rests', open: false, children: assumptions.map(({ text, range }, i): Item => ({ id: `assumed/${i}`, label: text, tooltip: text, icon: 'rests', children: [], open: false, stop: range.start })) } satisfies Item])];
}

function proofItem(proof: Proof, id: string): Item {
  const { verdict, says, property, range, counterexample } = proof;
  const events = counterexample?.events ?? [];
  const real = counterexample?.real;
  const ran = real ? [{ id: `${id}/real`, label: real.says, tooltip: real.says, icon: real.outcome === 'ran' ? 'violated' : 'rests', children: [], open: false } satisfies Item] : [];
  const rests = proof.invariants.map((text, i): Item => ({ id: `${id}/keeps/${i}`, label: `keeps ${text}`, tooltip: 'What all events keep true, on which this proof rests.', icon: 'rests', children: [], open: false }));
  return {
    id,
    label: says,
    description: property === 'contract' ? verdict : `${verdict} · ${property}`,
    tooltip: `${says}\n${verdict}${why(proof)}`,
    icon: verdict,
    children: [...events.map((event, i) => eventItem(event, `${id}/${i}`, events.length > 1 ? `${i + 1}. ` : '', i === events.length - 1)), ...ran, ...rests],
    open: verdict === 'refuted',
    stop: { ...range.start },
  };
}

function why({ by, reason, detail, rounds, events }: Proof): string {
  const how = by === 'induction' ? ': by induction over all events' : by === 'always' ? ': in every event alone, whatever the maps hold' : by === 'events' ? `: in all sequences of up to ${events ?? 1} events` : '';
  return `${how}${rounds === undefined ? '' : `; loops were followed for ${rounds} rounds`}${reason === undefined ? '' : ` (${reason})`}${detail === undefined || detail === '' ? '' : `: ${detail}`}`;
}

function eventItem({ handler, range, inputs, steps }: ProofEvent, id: string, number: string, last: boolean): Item {
  const read = inputs.map(({ name, text }, i): Item => ({ id: `${id}/in/${i}`, label: `${name} = ${text}`, description: 'read', tooltip: `It reads ${name} = ${text}`, icon: 'input', children: [], open: false }));
  const way = steps.map(({ name, text, range: place, asserted }, i): Item => {
    const violated = last && i === steps.length - 1;
    const note = name !== '' ? `${name} = ${text}` : asserted !== undefined ? `asserted ${asserted}` : violated ? 'does not hold' : text === 'true' ? 'holds' : 'does not hold';
    return { id: `${id}/step/${i}`, label: note, description: `line ${place.start.line + 1}${violated ? ' · violated' : ''}`, tooltip: note, icon: violated ? 'violated' : 'step', children: [], open: false, stop: { ...place.start, note } };
  });
  return { id, label: `${number}${handler}`, tooltip: handler, icon: 'event', children: [...read, ...way], open: true, stop: { ...range.start, ...(read.length > 0 ? { note: inputs.map(({ name, text }) => `${name} = ${text}`).join(', ') } : {}) } };
}

/** The items that are stepped through, in order: those of a counterexample that have a place. */
export function stopsOf(item: Item): readonly Item[] {
  return item.children.flatMap((child) => [...(child.stop && child.icon !== 'rests' ? [child] : []), ...stopsOf(child)]);
}

/** The places that are stepped through, to compare: the values there may be others from one proof to the next. */
export function wayOf(stops: readonly Item[]): string {
  return stops.map(({ stop }) => `${stop?.line}:${stop?.character}`).join(' ');
}

/** The refuted item that a (zero-based) line is about, or the first one. */
export function refutedAt(items: readonly Item[], line: number | undefined): Item | undefined {
  const refuted = items.filter(({ icon }) => icon === 'refuted');
  return refuted.find(({ stop }) => stop?.line === line) ?? refuted[0];
}

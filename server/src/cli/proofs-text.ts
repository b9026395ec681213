import type { Range } from '../base/range.ts';
import { plural, printable } from '../base/text.ts';
import { tally, type Proof, type ProofEvent } from '../checks/contract/proof.ts';
import { tallyText, toldSteps, verdictText } from '../checks/contract/words.ts';

const SIGN = { proved: '✓', refuted: '✗', unknown: '?' } as const;

/** `file:3:7: ✓ proved (always): $a == 1 [contract]`, and under a refuted one the events that break it. */
export function proofText(file: string, proof: Proof): string {
  const events = proof.counterexample?.events ?? [];
  const head = `${file}:${at(proof.range)}: ${SIGN[proof.verdict]} ${verdictText(proof)}: ${proof.says} [${proof.property}]`;
  const real = proof.counterexample?.real;
  return printable([head, ...events.map((event, i) => eventText(event, events.length > 1 ? `${i + 1}. ` : '', i === events.length - 1)), ...(real ? [`    ${real.says}`] : [])].join('\n'));
}

function eventText(event: ProofEvent, number: string, violates: boolean): string {
  const { handler, range, inputs } = event;
  const read = inputs.map(({ name, text }) => `${name} = ${text}`);
  return [`    ${number}${at(range)}: ${handler}${read.length > 0 ? ` with ${read.join(', ')}` : ''}`, ...toldSteps(event, violates).map((step) => `        ${at(step.range)}: ${step.text}`)].join('\n');
}

/** What is to be known of a place beside verdicts. */
export function noteText(file: string, range: Range, note: string): string {
  return printable(`${file}:${at(range)}: ${note}`);
}

export function summaryText(proofs: readonly Proof[], ms: number): string {
  return `${tallyText(tally(proofs), ', ')} of ${plural(proofs.length, 'property', 'properties')} in ${ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`}.`;
}

function at({ start }: Range): string {
  return `${start.line + 1}:${start.character + 1}`;
}

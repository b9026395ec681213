import { LineIndex } from '../../base/line-index.ts';
import type { Repair } from '../finding.ts';
import type { Language } from '../program.ts';
import type { Proof } from './proof.ts';

/** What verdicts are about. */
export interface Source {
  readonly text: string;
  readonly language: Language;
}

/** What is likely meant where a property is refuted; each is tried before it is called sure. */
export function repairsOf(proof: Proof, source: Source): Repair[] {
  if (proof.property === 'network-order') return turnedRound(proof, source);
  return proof.property === 'absent-entry' && source.language === 'bpftrace' ? askedBefore(proof, source) : [];
}

function turnedRound({ range }: Proof, { text, language }: Source): Repair[] {
  const span = new LineIndex(text).span(range);
  const written = text.slice(span.start, span.end);
  const names = language === 'c' ? ['bpf_ntohs', 'bpf_ntohl'] : ['bswap'];
  return names.map((name) => ({ title: `Write ${name}(${written})`, sure: false, edits: [{ range, newText: `${name}(${written})` }] }));
}

/** The probe only runs when the entry is there. A predicate knows no variables. */
function askedBefore({ says, counterexample }: Proof, { text }: Source): Repair[] {
  const entry = /@\w*\[[^\]$]*\]/.exec(says)?.[0];
  const probe = counterexample?.events.at(-1);
  if (entry === undefined || !probe) return [];
  const lines = new LineIndex(text);
  const behind = lines.span(probe.range).end;
  const [whole, predicate] = /^\s*(?:\/([^{]*)\/\s*)?\{/.exec(text.slice(behind)) ?? [];
  if (whole === undefined) return [];
  const at = (start: number, end: number, newText: string): Repair => ({ title: `Ask for ${entry} in the predicate`, sure: false, edits: [{ range: lines.range({ start, end }), newText }] });
  if (predicate === undefined) return [at(behind, behind, ` /${entry}/`)];
  const start = behind + whole.indexOf('/') + 1;
  const both = /[|?]/.test(predicate) ? `(${predicate}) && ${entry}` : `${predicate.trimEnd()} && ${entry}`;
  return [at(start, start + predicate.length, both)];
}

import { LineIndex } from '../../base/line-index.ts';
import type { Language } from '../program.ts';
import type { Repair } from '../finding.ts';
import type { Proof } from './proof.ts';

/** What verdicts are about. */
export interface Source {
  readonly text: string;
  readonly language: Language;
}

/** What is likely meant where a property is refuted; each is tried before it is called sure. */
export function repairsOf({ property, range }: Proof, { text, language }: Source): Repair[] {
  const span = new LineIndex(text).span(range);
  const written = text.slice(span.start, span.end);
  if (property === 'network-order') {
    const turned = language === 'c' ? ['bpf_ntohs', 'bpf_ntohl'] : ['bswap'];
    return turned.map((name) => ({ title: `Write ${name}(${written})`, sure: false, edits: [{ range, newText: `${name}(${written})` }] }));
  }
  return [];
}

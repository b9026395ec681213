import { expect, it } from 'vitest';
import { bestOf, LexicalSearch, lexicalIndex } from './lexical.ts';
import { packLexical, unpackLexical } from './stored.ts';
import { termsOf } from './terms.ts';

const TEXTS = ['tcp connect', 'tcp connect tcp retransmit and many other words about segments that were lost', 'disk request'];
const index = lexicalIndex(TEXTS.map((text) => termsOf([{ text, weight: 1 }])));
const idf = (term: string): number => (term === 'tcp' ? 1 : 3);

it('scores by the share of what the question tells', () => {
  const scores = new LexicalSearch(index).scores(termsOf([{ text: 'tcp retransmit', weight: 1 }]), idf);
  expect([...scores.documents].sort()).toEqual([0, 1]);
  expect(scores.of(1)).toBeGreaterThan(2 * scores.of(0));
  expect(bestOf(scores, 1, () => true).map((n) => n.label)).toEqual([1]);
  expect(bestOf(scores, 5, (label) => label !== 1).map((n) => n.label)).toEqual([0]);
  for (const document of scores.documents) expect(scores.of(document)).toBeLessThanOrEqual(1);
});

it('a short text says more of a word than a long one', () => {
  const scores = new LexicalSearch(index).scores(termsOf([{ text: 'connect', weight: 1 }]), idf);
  expect(scores.of(0)).toBeGreaterThan(scores.of(1));
});

it('is read as it was written; empty too', () => {
  expect(unpackLexical(packLexical(index))).toEqual(index);
  const none = lexicalIndex([]);
  expect(unpackLexical(packLexical(none))).toEqual(none);
  expect(new LexicalSearch(none).scores(termsOf([{ text: 'tcp', weight: 1 }]), idf).documents).toEqual([]);
});

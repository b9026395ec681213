import { describe, expect, it } from 'vitest';
import { Speller } from './spell.ts';
import { stem } from './words.ts';

describe('the speller', () => {
  const speller = new Speller(['process', 'connect', 'latency', 'wake', 'open', 'retransmit', 'kprobe', 'call']);
  const correct = (word: string): string | undefined => speller.correct([{ raw: word, stem: stem(word), stop: false }])[0];

  it.each([
    ['proces', 'process'],
    ['conect', 'connect'],
    ['latncy', 'latency'],
    ['latecny', 'latency'],
    ['retransmti', 'retransmit'],
    ['retrasmitt', 'retransmit'],
    ['opne', 'open'],
    ['cals', 'call'],
    ['conectt', 'connect'],
  ])('puts %s right', (wrong, right) => {
    expect(correct(wrong)).toBe(right);
  });

  it.each(['bake', 'cake', 'process', 'xyz', 'krobe2', 'chocolate', 'größe'])('leaves %s alone', (word) => {
    expect(correct(word)).toBe(stem(word));
  });
});

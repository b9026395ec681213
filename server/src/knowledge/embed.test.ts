import { describe, expect, it } from 'vitest';
import { DIMENSIONS, Embedder } from './embed.ts';
import { packModel, unpackModel } from './stored.ts';
import { termsOf } from './terms.ts';

const TEXTS = ['count system calls by process', 'latency of disk requests', 'packets dropped by the kernel', 'outgoing tcp connections', 'files opened by a program', 'memory allocated with malloc'];
const model = await Embedder.learn(TEXTS.map((text) => [{ text, weight: 1 }]));
const embedder = new Embedder(model);
const document = (text: string): Float32Array => embedder.document(termsOf([{ text, weight: 1 }]));
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

function nearest(question: string): string {
  const query = embedder.query(question);
  const scores = TEXTS.map((text) => dot(query, document(text)));
  return TEXTS[scores.indexOf(Math.max(...scores))] ?? '';
}

describe('the embedder', () => {
  it('makes unit vectors, the same every time', () => {
    const vector = document(TEXTS[0] ?? '');
    expect(vector).toHaveLength(DIMENSIONS);
    expect(dot(vector, vector)).toBeCloseTo(1, 5);
    const again = new Embedder(unpackModel(packModel(model), DIMENSIONS));
    expect(again.document(termsOf([{ text: TEXTS[0] ?? '', weight: 1 }]))).toEqual(vector);
  });

  it.each([
    ['syscalls per app', TEXTS[0]],
    ['how slow is my ssd', TEXTS[1]],
    ['lost skb', TEXTS[2]],
    ['connect to a remote host', TEXTS[3]],
    ['openat', TEXTS[4]],
    ['how much ram', TEXTS[5]],
    ['paket dropps', TEXTS[2]],
    ['sytem clals', TEXTS[0]],
  ])('takes %j to the text about it', (question, text) => {
    expect(nearest(question)).toBe(text);
  });

  it.each(['', '   ', 'the of and', '系统', '🐝', '\u0000'])('makes nothing of %j', (text) => {
    expect(embedder.query(text).every((x) => x === 0)).toBe(true);
  });
});

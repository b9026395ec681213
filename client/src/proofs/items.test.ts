import { expect, it } from 'vitest';
import type { Proofs } from '../../../server/src/protocol.ts';
import { itemsOf, refutedAt, stopsOf } from './items.ts';

const at = (line: number): { start: { line: number; character: number }; end: { line: number; character: number } } => ({ start: { line, character: 2 }, end: { line, character: 5 } });
const PROOFS: Proofs = {
  version: 1,
  assumptions: [{ range: at(0), text: 'sk != 0' }],
  proofs: [
    { property: 'contract', range: at(1), says: '$a == 1', verdict: 'proved', by: 'induction', invariants: ['@start[k] <= now'] },
    {
      property: 'absent-entry', range: at(5), says: '@start[tid] is there', verdict: 'refuted', invariants: [],
      counterexample: {
        events: [
          { handler: 'kprobe:a', range: at(2), inputs: [{ name: 'tid', value: 1, text: '1' }], steps: [{ name: '@start[1]', value: 5, text: '5', range: at(3) }] },
          { handler: 'kretprobe:a', range: at(4), inputs: [{ name: 'tid', value: 2, text: '2' }], steps: [{ name: '@start[2]', value: 0, text: 'absent', range: at(5) }] },
        ],
      },
    },
  ],
};

it('what is refuted comes first and is open, with its events, what they read and what they did', () => {
  const items = itemsOf(PROOFS);
  expect(items.map(({ label, open }) => [label, open])).toEqual([['@start[tid] is there', true], ['$a == 1', false], ['Taken for granted', false]]);
  expect(items[0]?.children.map(({ label, children }) => [label, children.map((child) => child.label)])).toEqual([['1. kprobe:a', ['tid = 1', '@start[1] = 5']], ['2. kretprobe:a', ['tid = 2', '@start[2] = absent']]]);
  expect(items[1]?.children.map(({ label }) => label)).toEqual(['keeps @start[k] <= now']);
});

it('what came of the real program stands behind the events', () => {
  const proofs = PROOFS.proofs.map((proof) => (proof.counterexample ? { ...proof, counterexample: { ...proof.counterexample, real: { outcome: 'ran', says: 'the real program did the same on local: it returned XDP_DROP' } as const } } : proof));
  const refuted = refutedAt(itemsOf({ ...PROOFS, proofs }), 5);
  expect(refuted?.children.map(({ label }) => label).slice(1)).toEqual(['2. kretprobe:a', 'the real program did the same on local: it returned XDP_DROP']);
  expect(refuted && stopsOf(refuted)).toHaveLength(4);
});

it('one steps through events and what they did, to the violation', () => {
  const refuted = refutedAt(itemsOf(PROOFS), 5);
  const stops = refuted ? stopsOf(refuted) : [];
  expect(stops.map(({ stop }) => [stop?.line, stop?.note])).toEqual([[2, 'tid = 1'], [3, '@start[1] = 5'], [4, 'tid = 2'], [5, '@start[2] = absent']]);
  expect(stops.at(-1)?.icon).toBe('violated');
  expect(refutedAt(itemsOf({ ...PROOFS, proofs: PROOFS.proofs.slice(0, 1) }), 1)).toBeUndefined();
});

import { expect, it } from 'vitest';
import { preferring } from './preferred.ts';
import type { SearchHit } from './knowledge.ts';

const hit = (id: string, score: number, kind: SearchHit['kind'] = 'attach-point'): SearchHit => ({ id, kind, score, summary: '' });
const PREFER: Readonly<Record<string, string>> = {
  'kprobe:sk_skb_reason_drop': 'tracepoint:skb:kfree_skb: stable, has location and reason',
  'kprobe:a': 'kprobe:b for both families, or tracepoint:x:c.',
  'kprobe:b': 'kprobe:a',
};
const order = (...hits: SearchHit[]): string[] => preferring(hits, (id) => PREFER[id]).map(({ id }) => id);

it('what is better comes first', () => expect(order(hit('kprobe:sk_skb_reason_drop', 0.7), hit('kprobe:x', 0.69), hit('tracepoint:skb:kfree_skb', 0.68))).toEqual(['tracepoint:skb:kfree_skb', 'kprobe:sk_skb_reason_drop', 'kprobe:x']));
it('not when it is much further from the question', () => expect(order(hit('kprobe:sk_skb_reason_drop', 0.9), hit('tracepoint:skb:kfree_skb', 0.3))).toEqual(['kprobe:sk_skb_reason_drop', 'tracepoint:skb:kfree_skb']));
it('each once, also where two prefer each other', () => expect(order(hit('kprobe:a', 0.9), hit('kprobe:b', 0.88), hit('tracepoint:x:c', 0.87))).toEqual(['kprobe:b', 'tracepoint:x:c', 'kprobe:a']));
it('scores do not rise along the list', () => {
  const scores = preferring([hit('kprobe:sk_skb_reason_drop', 0.7), hit('tracepoint:skb:kfree_skb', 0.6)], (id) => PREFER[id]).map(({ score }) => score);
  expect(scores).toEqual([0.7, 0.7]);
});

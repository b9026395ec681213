import { expect, it } from 'vitest';
import { KeptLogs } from './kept-logs.ts';

const refused = (uri: string, ...texts: string[]): Parameters<KeptLogs['put']>[0] => ({ uri, version: 1, source: '', logs: texts.map((text, i) => ({ program: `p${i}`, text, lines: [], explanations: [] })) });

it('keeps the last load of each document under names of its own', () => {
  const logs = new KeptLogs();
  logs.put(refused('a', 'one', 'two'));
  const first = logs.of('a')?.logs.map(({ id }) => id) ?? [];
  expect(logs.log(first[1] ?? '')?.log.text).toBe('two');
  logs.put(refused('a', 'three'));
  expect(logs.log(first[1] ?? '')).toBeUndefined();
  expect(first).not.toContain(logs.of('a')?.logs[0]?.id);
});

it('forgets what loads now', () => {
  const logs = new KeptLogs();
  logs.put(refused('a', 'one'));
  logs.put(refused('a'));
  expect(logs.of('a')).toBeUndefined();
});

it('gives up the oldest when it is too much', () => {
  const logs = new KeptLogs(10);
  logs.put(refused('a', '1234'));
  logs.put(refused('b', '1234'));
  logs.put(refused('a', '12345'));
  expect([logs.of('a')?.logs.length, logs.of('b')?.logs.length]).toEqual([1, 1]);
  logs.put(refused('c', '123'));
  expect([logs.of('a')?.logs.length, logs.of('b'), logs.of('c')?.logs.length]).toEqual([1, undefined, 1]);
  logs.put(refused('d', '123456', '123456'));
  expect(logs.of('d')?.logs.map(({ program }) => program)).toEqual(['p0']);
});

import { expect, it } from 'vitest';
import { analyzed } from '../../../test/support/analyzed.ts';
import { translateBpftrace } from '../bpftrace/translate.ts';
import { sample } from './sample.ts';

it('meets entries and returns of one thread several times over', async () => {
  const source = `kprobe:vfs_read { @start[tid] = nsecs; }
//@ ensures @longest[comm] >= old(@longest[comm])
kretprobe:vfs_read /@start[tid]/ { $d = nsecs - @start[tid]; if ($d > 1000) { @longest[comm] = $d; } }`;
  const { program } = translateBpftrace(analyzed(source).analysis);
  const { broken } = await sample(program, program.handlers, []);
  const events = [...broken].find(([place]) => place.startsWith('contract'))?.[1] ?? [];
  expect(events.length).toBeGreaterThanOrEqual(4);
  expect(new Set(events.map(({ handler }) => handler))).toEqual(new Set(['kprobe:vfs_read', 'kretprobe:vfs_read']));
});

import { expect, it } from 'vitest';
import { LineIndex } from '../../base/line-index.ts';
import { repaired } from '../repairs.ts';
import { repairsOf } from './repairs.ts';

/** The program after the first repair of an entry that may not be there, read by its last probe. */
function asked(header: string, says = 'the entry @start[tid, cpu] is there'): string | undefined {
  const text = `kprobe:f { @start[tid, cpu] = nsecs; }\n${header} { print(nsecs - @start[tid, cpu]); }\n`;
  const lines = new LineIndex(text);
  const start = text.indexOf('kretprobe:f');
  const range = lines.range({ start, end: start + 'kretprobe:f'.length });
  const [repair] = repairsOf({ property: 'absent-entry', range, says, verdict: 'refuted', invariants: [], counterexample: { events: [{ handler: 'kretprobe:f', range, inputs: [], steps: [] }] } }, { text, language: 'bpftrace' });
  return repair && repaired(text, repair).split('\n')[1];
}

it('an entry is asked for in the predicate', () => {
  expect(asked('kretprobe:f')).toMatch(/^kretprobe:f \/@start\[tid, cpu\]\/ \{/);
});

it('beside what is asked there already', () => {
  expect(asked('kretprobe:f /pid == 1/')).toMatch(/^kretprobe:f \/pid == 1 && @start\[tid, cpu\]\/ \{/);
  expect(asked('kretprobe:f /pid == 1 || uid == 0/')).toMatch(/^kretprobe:f \/\(pid == 1 \|\| uid == 0\) && @start\[tid, cpu\]\/ \{/);
});

it('not where a predicate cannot', () => {
  expect(asked('kretprobe:f', 'the entry @start[$t] is there')).toBeUndefined();
});

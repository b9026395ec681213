import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.test-support.ts';

describe('percentages of integers', () => {
  it.each([
    'END { $hits = 5; $all = 9; printf("%d %%\\n", «$hits / $all * 100»); }',
    'kretprobe:vfs_read { @p = «(@hits / @all) * 100»; }',
    'interval:s:1 { print(«@busy / elapsed * 100»); }',
  ])('%s', (source) => {
    expectLint('percent-of-integers', source);
  });
  it.each([
    'END { $hits = 5; $all = 9; printf("%d %%\\n", $hits * 100 / $all); }',
    'END { $t = nsecs / 1000000 * 100; print($t); }',
    'END { $a = 3; $b = 2; print($a / $b); print($a * 100); }',
  ])('%s', (source) => {
    expectLint('percent-of-integers', source);
  });
  it('multiplies first', () => {
    const source = 'END { $hits = 5; $all = 9; print(«($hits + 1) / $all * 100»); }';
    expect(repaired(source.replaceAll(/[«»]/g, ''), expectLint('percent-of-integers', source)[0])).toContain('print(($hits + 1) * 100 / $all);');
  });
});

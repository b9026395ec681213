import { describe, expect, it } from 'vitest';
import { runAtOnce } from '../turns.ts';
import { countBits, distance, lettersOf } from './distance.ts';
import { NameTable } from './name-table.ts';
import { compilePattern, matchesPattern } from './pattern.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const table = (text: string): NameTable => runAtOnce(NameTable.of(bytes(text), 'vmlinux'));
const rows = (of: NameTable): string[] => Array.from({ length: of.count }, (_, row) => `${of.group(row)}:${of.name(row)}`);

function scanned(of: NameTable, pattern: string): string[] {
  const found: string[] = [];
  of.scan(compilePattern(pattern), () => true, (row) => found.push(of.name(row)) > 0);
  return found;
}

describe('tables of names', () => {
  it('keep lines in order, with their groups', () => {
    expect(rows(table('read\nread [xfs]\nread.part.0\nread_all [xfs]\nwrite\n'))).toEqual(['vmlinux:read', 'xfs:read', 'vmlinux:read.part.0', 'xfs:read_all', 'vmlinux:write']);
  });
  it.each(['write\nread [xfs]\nread\n', 'read\nread\nread [xfs]\nwrite\n', '\nread\nread [xfs]\nwrite\n', 'read\nread [xfs]\nwrite', 'read\n\nread [xfs]\nwrite\n'])('%j is put in order', (text) => {
    expect(rows(table(text))).toEqual(['vmlinux:read', 'xfs:read', 'vmlinux:write']);
  });
  it('may be empty', () => expect([rows(table('')), scanned(table(''), '*'), table('').rowsOf('a')]).toEqual([[], [], [0, 0]]));
  it('find the rows of a name, and no others', () => {
    const of = table('a\nread\nread [nfs]\nread [xfs]\nread_all\n');
    expect([of.rowsOf('read'), of.rowsOf('rea'), of.rowsOf('read_al'), of.rowsOf('zzz'), of.rowsOf('')]).toEqual([[1, 4], [1, 1], [4, 4], [5, 5], [0, 0]]);
  });
  it('a group is not taken for part of the name', () => {
    const of = table('open [xfs]\nxfs_open\n');
    expect([scanned(of, '*xfs*'), scanned(of, 'open*'), scanned(of, '*]')]).toEqual([['xfs_open'], ['open'], []]);
  });
  it('scanning by a piece finds what looking at every row finds', () => {
    const names = Array.from({ length: 500 }, (_, i) => `${i % 7 === 0 ? 'vfs_' : 'do_'}${i.toString(3)}_open${i % 5 === 0 ? 'at' : ''}`).sort();
    const of = table(names.map((name) => `${name}\n`).join(''));
    for (const pattern of ['*open*', '*openat', 'vfs_*at', '*_12*open', '*2', 'do_*', '*', 'vfs_0_openat', '*no such*']) {
      expect([pattern, scanned(of, pattern)]).toEqual([pattern, names.filter((name) => matchesPattern(compilePattern(pattern), bytes(name), 0, name.length))]);
    }
  });
});

describe('patterns', () => {
  it.each([
    ['vfs_read', 'vfs_read', true],
    ['vfs_read', 'vfs_reads', false],
    ['*', '', true],
    ['**', 'anything', true],
    ['vfs_*', 'vfs_', true],
    ['*read', 'vfs_read', true],
    ['*read', 'vfs_readv', false],
    ['v*s*d', 'vfs_read', true],
    ['ab*ba', 'aba', false],
    ['a*ab*b', 'aabab', true],
    ['a*b*c', 'acb', false],
  ])('%s on %j: %s', (pattern, name, expected) => expect(matchesPattern(compilePattern(pattern), bytes(name), 0, name.length)).toBe(expected));
});

describe('distances', () => {
  const between = (a: string, b: string, max = 3): number => distance(bytes(a), 0, a.length, bytes(b), 0, b.length, max);
  it.each([
    ['vfs_read', 'vfs_read', 0],
    ['vfs_raed', 'vfs_read', 1],
    ['sched_swtich', 'sched_switch', 1],
    ['opennat', 'openat', 1],
    ['tcp_conect', 'tcp_connect', 1],
    ['abc', 'xyz', 3],
    ['', 'abc', 3],
    ['abcdef', 'uvwxyz', 4],
    ['kitten', 'sitting', 3],
  ])('%s and %s: %i', (a, b, expected) => expect([between(a, b), between(b, a)]).toEqual([expected, expected]));

  it('are those of the whole table, whatever the limit', () => {
    const full = (a: string, b: string): number => {
      const d = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)));
      const at = (i: number, j: number): number => d[i]?.[j] ?? Infinity;
      for (let i = 1; i <= a.length; i++) {
        for (let j = 1; j <= b.length; j++) {
          let cost = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1));
          if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, at(i - 2, j - 2) + 1);
          (d[i] ?? [])[j] = cost;
        }
      }
      return at(a.length, b.length);
    };
    let state = 7;
    const word = (): string => Array.from({ length: (state = (state * 48_271) % 0x7fffffff) % 8 }, () => 'abc'[(state = (state * 48_271) % 0x7fffffff) % 3]).join('');
    for (let i = 0; i < 2000; i++) {
      const [a, b, max] = [word(), word(), i % 4];
      expect([a, b, max, between(a, b, max)]).toEqual([a, b, max, Math.min(full(a, b), max + 1)]);
    }
  });
  it('letters of names one change apart differ in two bits at most', () => {
    const of = (name: string): number => lettersOf(bytes(name), 0, name.length);
    expect(countBits(of('vfs_read') ^ of('vfs_raed'))).toBe(0);
    expect(countBits(of('vfs_read') ^ of('vfs_rexd'))).toBe(2);
    expect(countBits(of('open') ^ of('openat'))).toBe(2);
    expect(countBits(0xffffffff | 0)).toBe(32);
  });
});

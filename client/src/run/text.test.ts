import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../server/src/protocol.ts';
import { failureText, RunText } from './text.ts';
import { questionFor } from './plan.ts';
import { tableOf } from '../../../server/src/base/map-table.ts';

/** The terminal's text without colours. */
function shown(...events: RunEvent[]): string[] {
  const run = new RunText();
  return events.map((e) => run.of(e)).join('').replace(/\x1b\[\d+m/g, '').split('\r\n');
}

const ended = { event: 'ended', outcome: 'stopped', maps: {}, lines: 0, dropped: 0 } as const;

describe('a run in the terminal', () => {
  it('tells how it began and how it ended', () => {
    expect(shown(
      { event: 'starting', target: 'vm', attachPoints: ['kprobe:tcp_connect'] },
      { event: 'attached', probes: 1 },
      { event: 'line', text: 'curl 127.0.0.1\n' },
      { ...ended, lines: 1 },
    )).toEqual(['Running on vm; attaching to kprobe:tcp_connect…', 'Attached 1 probe. Press Ctrl+C to stop.', '', 'curl 127.0.0.1', '', 'Stopped (1 line, 0 maps)', '']);
  });

  it('does not fill the terminal with the names of probes', () => {
    expect(shown({ event: 'starting', target: 'vm', attachPoints: ['a', 'b', 'c', 'd', 'e'] })[0]).toBe('Running on vm; attaching to a, b, c and 2 more…');
    expect(shown({ event: 'starting', target: 'vm', attachPoints: [] })[0]).toBe('Running on vm…');
  });

  it('does not let the host move the cursor', () => {
    expect(shown({ event: 'line', text: 'a\x1b[2Jb\rc\u009b1m' })).toEqual(['a\\x1b[2Jb\\x0dc\\x9b1m', '']);
    expect(shown({ event: 'map', name: '@\x07', value: { '\x1b]0;x\x07': 1 } })).toEqual(['', '@\\x07', '\\x1b]0;x\\x07  1', '']);
    expect(failureText('no\x1b[2J')).toContain('no\\x1b[2J');
  });

  it('ends every line with CR LF', () => {
    expect(new RunText().of({ event: 'line', text: 'a\nb\r\nc' })).toBe('a\r\nb\r\nc\r\n');
  });

  it('prints a map at the end only when it was not printed before', () => {
    const map = { '@n': { a: 1 } };
    expect(shown({ event: 'map', name: '@n', value: { a: 1 } }, { ...ended, maps: map }).filter((l) => l === '@n')).toHaveLength(1);
    expect(shown({ event: 'map', name: '@n', value: { a: 0 } }, { ...ended, maps: map }).filter((l) => l === '@n')).toHaveLength(2);
    expect(shown({ ...ended, maps: map })).toEqual(['', '@n', 'a  1', '', 'Stopped (0 lines, 1 map)', '']);
  });

  it('says why it failed, and how much was dropped', () => {
    expect(shown({ ...ended, outcome: 'failed', exitCode: 255, lines: 20, dropped: 10 })[1]).toBe('Failed with exit status 255 (20 lines, 10 of them dropped, 0 maps)');
    expect(shown({ ...ended, outcome: 'missing', message: 'bpftrace is not installed' })[1]).toBe('Could not run: bpftrace is not installed (0 lines, 0 maps)');
  });
});

describe('a map as a table', () => {
  const cases: [string, unknown, string[]][] = [
    ['a single value', 42, ['42']],
    ['a string', 'a\nb', ['a\\nb']],
    ['counts, ascending', { bash: 12, node: 3, sh: 100 }, ['node    3', 'bash   12', 'sh    100']],
    ['strings by key', { 12: 'bash', 3: 'node' }, ['3   node', '12  bash']],
    ['nothing', {}, ['(empty)']],
    ['stats by key', { a: { count: 10, average: 2, total: 20 }, bb: { count: 1, average: 7, total: 7 } }, ['    count  average  total', 'bb      1        7      7', 'a      10        2     20']],
    ['a tuple', { a: [1, 2] }, ['a  [1,2]']],
    ['null', null, ['null']],
  ];
  it.each(cases)('%s', (_, value, table) => expect(tableOf(value)).toEqual(table));

  it('a histogram', () => {
    expect(tableOf([{ min: 2048, max: 4095, count: 1 }, { min: 4096, max: 8191, count: 4 }])).toEqual([
      `[2K, 4K)  1  |${'▆'.repeat(10)}${' '.repeat(30)}|`,
      `[4K, 8K)  4  |${'▆'.repeat(40)}|`,
    ]);
    expect(tableOf([{ max: -1, count: 1 }, { min: 0, max: 0, count: 1 }, { min: 100, count: 1 }]).map((l) => l.split('  ')[0])).toEqual(['(…, 0)', '[0]', '[100, …)']);
  });

  it('a histogram by key', () => {
    expect(tableOf({ read: [{ min: 1, max: 1, count: 3 }] })).toEqual(['read:', `  [1]  3  |${'▆'.repeat(40)}|`]);
  });

  it('keeps the largest of too many rows', () => {
    const table = tableOf(Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`k${n}`, n])));
    expect(table[0]).toBe('… 50 smaller rows not shown');
    expect(table.at(-1)).toBe('k249  249');
    expect(table).toHaveLength(201);
  });
});

describe('the question before a run', () => {
  it('names the target, the attach points and the powers', () => {
    const { message, detail } = questionFor('kill.bt', { target: 'vm', attachPoints: ['tracepoint:a:b'], powers: ['send signals to processes'], unsafe: true }, 600);
    expect(message).toBe('Run kill.bt on vm?');
    expect(detail.split('\n')).toEqual(['It attaches to:', '  • tracepoint:a:b', '', 'Before you agree:', '  • send signals to processes', '', 'It runs as root until you stop it, at most 600 seconds.']);
  });

  it('does not list thousands of attach points', () => {
    const { detail } = questionFor('x.bt', { target: 'local', attachPoints: Array.from({ length: 300 }, (_, n) => `kprobe:f${n}`), powers: [], unsafe: false }, 600);
    expect(detail).toContain('… and 288 more');
    expect(detail).toContain('It only observes.');
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LogView } from './view.ts';

const CASE = join(import.meta.dirname, '../../../../test-fixtures/verifier/null-check/both-lookups-one-check');
const text = readFileSync(join(CASE, 'logs/6.18.log'), 'utf8');
const source = readFileSync(join(CASE, 'rejected.bpf.c'), 'utf8');
const view = new LogView(text, { source });
const lines = view.lines(0, view.count);
const at = (start: string): number => lines.findIndex((line) => line.text.startsWith(start));

describe('lines', () => {
  it('are those of the log, each with its kind', () => {
    expect(lines.map((line) => line.text)).toEqual(text.split('\n'));
    expect(lines[at('16: (79)')]?.kind).toBe('instruction');
    expect(lines[at('; if (took')]?.kind).toBe('source');
    expect(lines[at('R0 invalid')]?.kind).toBe('words');
    expect(lines[at('processed')]?.kind).toBe('statistics');
  });

  it('carry the line of the source, the annotations too', () => {
    expect(lines[at('16: (79)')]?.sourceLine).toBe(30);
    expect(lines[at('; if (took')]?.sourceLine).toBe(30);
    expect(lines[at('14: (85)')]?.sourceLine).toBe(25);
    // The compiler's own annotation counts for what stood before.
    expect(lines[at('5: (07)')]?.sourceLine).toBe(23);
    expect(lines[at('libbpf: prog')]?.sourceLine).toBeUndefined();
  });

  it('are told in pages', () => {
    expect(view.lines(3, 2)).toEqual(lines.slice(3, 5));
    expect(view.lines(-5, 6)).toEqual(lines.slice(0, 1));
    expect(view.lines(view.count, 10)).toEqual([]);
  });
});

describe('the state at a line', () => {
  it('is what the verifier knew before its instruction, with the names of the source', () => {
    const state = view.state(at('16: (79)'));
    expect(state).toMatchObject({ instruction: 16, frame: 0, sourceLine: 30, sourceText: 'if (took > worst->end - worst->begin) {' });
    const register = (name: string): unknown => state?.registers.find((one) => one.name === name);
    expect(register('R0')).toEqual({ name: 'R0', variable: 'worst', words: 'a map value of slowest (16 bytes), or NULL', printed: 'map_value_or_null(id=3,map=slowest,ks=4,vs=16)', used: true });
    expect(register('R7')).toMatchObject({ variable: 'began', words: 'a map value of spans (8 bytes)', used: false });
    // A call takes these away.
    expect(register('R1')).toBeUndefined();
    expect(state?.stack).toEqual([{ name: 'fp-8', words: '4 bytes of data, 4 never written', printed: 'mmmm????', used: false }]);
  });

  it('tells what the instruction changes', () => {
    const call = view.state(at('14: (85)'));
    expect(call?.registers.find(({ name }) => name === 'R0')).toMatchObject({ after: 'a map value of slowest (16 bytes), or NULL' });
    expect(call?.registers.filter(({ used }) => used).map(({ name }) => name)).toEqual(['R1', 'R2']);
  });

  it('of a line without an instruction is that of the one before', () => {
    expect(view.state(at('R0 invalid'))?.instruction).toBe(16);
    expect(view.state(0)).toBeUndefined();
  });
});

it('knows no packet pointer behind a call that may move the packet', () => {
  const log = `0: R1=ctx() R10=fp0
0: (bf) r6 = r1                       ; R1=ctx() R6=ctx()
1: (61) r7 = *(u32 *)(r1 +76)         ; R1=ctx() R7=pkt(r=0)
2: (b7) r2 = 54                       ; R2=54
3: (85) call bpf_skb_pull_data#39     ; R0=scalar()
4: (69) r1 = *(u16 *)(r7 +2)
R7 invalid mem access 'scalar'
processed 5 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;
  const words = (line: number): string | undefined => new LogView(log, {}).state(line)?.registers.find(({ name }) => name === 'R7')?.words;
  expect(words(3)).toBe('a packet pointer, 0 bytes of the packet proved to be there');
  expect(words(5)).toBe('no longer a packet pointer: bpf_skb_pull_data() may have moved the packet');
});

it('marks the way of the fact, its need last', () => {
  const marks = view.marks();
  expect(marks.at(-1)).toMatchObject({ role: 'needed', line: at('16: (79)'), sourceLine: 30 });
  expect(marks.some(({ role, sourceLine }) => role !== 'needed' && sourceLine === 25)).toBe(true);
  expect(marks.map(({ line }) => line ?? -1)).toEqual(marks.map(({ line }) => line ?? -1).toSorted((a, b) => a - b));
});

it('finds words, whatever their case, and goes on at the other end', () => {
  const all = lines.flatMap((line, i) => (/worst/i.test(line.text) ? [i] : []));
  expect(view.find('WORST', 0, false)).toEqual({ line: all[0], nth: 1, total: all.length });
  expect(view.find('worst', all[0] ?? 0, true)?.line).toBe(all.at(-1));
  expect(view.find('worst', all.at(-1) ?? 0, false)?.line).toBe(all[0]);
  expect(view.find('(15) if r7', 0, false)?.line).toBe(at('15: (15)'));
  expect(view.find('nowhere', 0, false)).toBeUndefined();
});

it('finds the instructions of a source line, the nearest of them', () => {
  expect(view.ofSource(25, 1000)).toBe(at('14: (85)'));
  expect(view.ofSource(25, 0)).toBe(at('11: (18)'));
  expect(view.ofSource(1, 0)).toBeUndefined();
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainText } from '../explain/explain.ts';

interface Recording {
  readonly name: string;
  readonly log: string;
  readonly source: string;
}

const ROOT = 'test-fixtures/verifier';
const RECORDINGS: readonly Recording[] = readdirSync(ROOT, { withFileTypes: true })
  .filter((kind) => kind.isDirectory())
  .flatMap((kind) =>
    readdirSync(`${ROOT}/${kind.name}`).flatMap((name) => {
      const at = `${ROOT}/${kind.name}/${name}`;
      return readdirSync(`${at}/logs`)
        .filter((file) => file === '6.18.log')
        .map((file) => ({ name: `${kind.name}/${name}`, log: readFileSync(`${at}/logs/${file}`, 'utf8'), source: readFileSync(`${at}/rejected.bpf.c`, 'utf8') }));
    }),
  )
  .filter(({ log }) => log.length < 20_000);

/** Those in which the verifier took steps. */
const WALKED = RECORDINGS.filter(({ log }) => /^\d+: \(/m.test(log) && log.includes('processed '));

const briefly = (text: string, source: string): string[] => explainText(text, { source }).map((e) => `${e.program ?? '-'} ${e.class} ${e.cause.line ?? '?'} ${e.rejected.line ?? '?'}`);
const eachLine = (prefix: (line: number) => string) => (log: string): string => log.replace(/\n$/, '').split('\n').map((line, i) => prefix(i) + line).join('\n');
const two = (n: number): string => String(n).padStart(2, '0');
const clock = (i: number): string => `${two(9 + Math.floor(i / 3600))}:${two(Math.floor(i / 60) % 60)}:${two(i % 60)}`;

/** Ways in which logs reach people. */
const WAYS: readonly (readonly [string, (log: string) => string])[] = [
  ['the journal', eachLine((i) => `Nov  3 ${clock(i)} web-2 agent[${900 + i}]: `)],
  ['the journal with exact times', eachLine((i) => `2026-11-22T${clock(i)}.123456+01:00 web2 agent[77]: `)],
  ['dmesg', eachLine((i) => `[${String(i * 3 + 1).padStart(5)}.${String(100000 + i)}] `)],
  ['containers', eachLine(() => 'agent-1  | ')],
  ['a cluster', eachLine((i) => `2026-11-22T${clock(i)}.000000001Z stderr F `)],
  ["a loader's name on each line", eachLine(() => 'libbpf: ')],
  ['quoted in a mail', eachLine(() => '> ')],
  ['quoted twice, empty lines without their space', (log) => eachLine(() => '> > ')(log).replaceAll(/ +$/gm, '')],
  ['indented by four', eachLine(() => '    ')],
  ['indented by a tab', eachLine(() => '\t')],
  ['numbered', eachLine((i) => `${i + 1}:`)],
  ['colours', (log) => log.split('\n').map((line) => (line === '' ? line : `\u001b[0;33m${line}\u001b[0m`)).join('\n')],
  ['spaces and quotes of a web page', (log) => log.replaceAll('  ', '\u00a0 ').replaceAll("'", '\u2019')],
  ['CRLF', (log) => log.replaceAll('\n', '\r\n')],
  ['one line of JSON', (log) => JSON.stringify({ level: 'error', message: log })],
  ['among other words', (log) => `$ make load\nsudo bpftool prog loadall x.o /sys/fs/bpf/x\n${log}make: *** [Makefile:7: load] Error 255\n`],
];

describe('logs as people paste them are explained as they were printed', () => {
  it.each(WAYS)('%s', (_, paste) => {
    const different = RECORDINGS.filter(({ log, source }) => JSON.stringify(briefly(paste(log), source)) !== JSON.stringify(briefly(log, source)));
    expect(RECORDINGS.length).toBeGreaterThan(150);
    expect(different.map(({ name }) => name)).toEqual([]);
  });
});

const lines = (log: string, change: (lines: readonly string[]) => readonly string[]): string => change(log.split('\n')).join('\n');

/** What is missing, and the least share of the logs of which class and cause stay. That the words of the rejection are there is all they have in common. */
const CUTS: readonly (readonly [string, (log: string) => string, sameClass: number, sameLine: number])[] = [
  ['the statistics, and all behind them', (log) => log.slice(0, log.lastIndexOf('processed ')), 1, 1],
  ['all but the last lines: a buffer too small since Linux 6.4', (log) => lines(log, (all) => all.slice(-20)).slice(9), 0.9, 0.5],
  ['the middle', (log) => lines(log, (all) => (all.length < 20 ? all : [...all.slice(0, 8), '...', ...all.slice(-12)])), 0.9, 0.35],
  ['the ends of long lines', (log) => lines(log, (all) => all.map((line) => (line.length > 60 && /^\d+: /.test(line) ? `${line.slice(0, 57)}...` : line))), 0.97, 0.93],
];

describe('logs of which something is missing', () => {
  it.each(CUTS)('%s', (_, cut, sameClass, sameLine) => {
    const judged = WALKED.map(({ log, source }) => ({ before: explainText(log, { source })[0], after: explainText(cut(log), { source })[0] }));
    const share = (same: (one: (typeof judged)[number]) => boolean): number => judged.filter(same).length / judged.length;
    expect(judged.length).toBeGreaterThan(150);
    expect(judged.filter(({ after }) => after === undefined)).toEqual([]);
    expect(share(({ before, after }) => before?.class === after?.class)).toBeGreaterThanOrEqual(sameClass);
    expect(share(({ before, after }) => before?.cause.line === after?.cause.line)).toBeGreaterThanOrEqual(sameLine);
  });
  it('the words themselves: then it says so', () => {
    const [first] = explainText("libbpf: prog 'f': -- BEGIN PROG LOAD LOG --\n0: R1=ctx() R10=fp0\n0: (61) r2 = *(u32 *)(r1 +4)          ; R1=ctx() R2=pkt_e", {});
    expect(first).toMatchObject({ class: 'unknown', program: 'f', message: expect.stringContaining('larger log buffer') as string });
  });
});

describe("cilium/ebpf's words", () => {
  const source = 'SEC("xdp")\nint f(struct xdp_md *ctx)\n{\n\t__u64 *v = bpf_map_lookup_elem(&m, &k);\n\treturn *v;\n}\n';
  it.each([
    ["load program: permission denied: 7: (79) r0 = *(u64 *)(r0 +0): R0 invalid mem access 'map_value_or_null' (12 line(s) omitted)", '-'],
    ["loading objects: field F: program f: load program: permission denied: 7: (79) r0 = *(u64 *)(r0 +0): R0 invalid mem access 'map_value_or_null' (1 line omitted)", 'f'],
    ["program f: load program: permission denied: 7: (79) r0 = *(u64 *)(r0 +0): R0 invalid mem access 'map_value_or_null' (truncated, 960 line(s) omitted) (BTF disabled)", 'f'],
    ["level=error msg=\"program f: load program: permission denied:\\n\\t; return *v; @ f.bpf.c:5\\n\\t7: (79) r0 = *(u64 *)(r0 +0)\\n\\tR0 invalid mem access 'map_value_or_null'\\n\\tprocessed 8 insns (limit 1000000)\"", 'f'],
    ["program f: load program: permission denied:\n\t0: R1=ctx() R10=fp0\n\t(8 lines omitted)\n\t; return *v; @ f.bpf.c:5\n\t7: (79) r0 = *(u64 *)(r0 +0)\n\tR0 invalid mem access 'map_value_or_null'\n\tprocessed 8 insns (limit 1000000) max_states_per_insn 0", 'f'],
  ])('%s', (text, program) => expect(explainText(text, { source })).toMatchObject([{ class: 'null-check', program: program === '-' ? undefined : program, complaint: "R0 invalid mem access 'map_value_or_null'" }]));
  it('two lines of a complaint', () => {
    expect(explainText('load program: permission denied: invalid access to packet, off=23 size=1, R1(id=0,off=23,r=14): R1 offset is outside of the packet (31 lines omitted)')).toMatchObject([{ class: 'packet-bounds' }]);
  });
});

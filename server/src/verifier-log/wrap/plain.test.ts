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

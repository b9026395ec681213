import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainText } from './explain/explain.ts';
import { identifiers } from './explain/c/text.ts';

const ROOT = 'test-fixtures/verifier';

interface Case {
  readonly class: string;
  readonly cause: number;
  readonly line: number;
  readonly program: string;
}

interface Recording {
  readonly name: string;
  /** The half of the cases by the name's first letter: rules were first made with a to m only. */
  readonly firstHalf: boolean;
  readonly expected: Case;
  readonly source: string;
  readonly log: string;
}

function recordings(): readonly Recording[] {
  const directories = (path: string): string[] => readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return directories(ROOT).flatMap((kind) =>
    directories(`${ROOT}/${kind}`).flatMap((name) => {
      const at = `${ROOT}/${kind}/${name}`;
      if (!existsSync(`${at}/logs`) || !existsSync(`${at}/case.json`)) return [];
      const expected = JSON.parse(readFileSync(`${at}/case.json`, 'utf8')) as Case;
      const source = readFileSync(`${at}/rejected.bpf.c`, 'utf8');
      return readdirSync(`${at}/logs`).map((log) => ({ name: `${kind}/${name}/${log}`, firstHalf: name < 'n', expected, source, log: readFileSync(`${at}/logs/${log}`, 'utf8') }));
    }),
  );
}

interface Figures {
  readonly logs: number;
  readonly class: number;
  readonly exact: number;
  readonly near: number;
}

const RECORDINGS = recordings();

function judge({ log, source, expected }: Recording): { class: string; line: number | undefined; right: boolean; exact: boolean; near: boolean } {
  const [first] = explainText(log, { source });
  const line = first?.cause.line;
  return { class: first?.class ?? 'none', line, right: first?.class === expected.class, exact: line === expected.cause, near: line !== undefined && Math.abs(line - expected.cause) <= 2 };
}

function figures(of: readonly Recording[]): Figures {
  const judged = of.map(judge);
  const share = (key: 'right' | 'exact' | 'near'): number => judged.filter((each) => each[key]).length / Math.max(1, judged.length);
  return { logs: of.length, class: share('right'), exact: share('exact'), near: share('near') };
}

/** Every name the user chose, renamed; names of the kernel, of C and of libbpf's macros stay. */
function renamer(source: string): (text: string) => string {
  const own = new Set<string>();
  const declared = /(?:\b(?:struct|union|enum)\s+(\w+)\s*\{)|(?:\b(?:(?:__)?[us](?:8|16|32|64)|__be\d+|int|long|char|unsigned|void|bool|size_t|struct\s+\w+|\w+_t)\s+\**\s*(?:volatile\s+)?(\w+)\s*[=;,)[(])/g;
  for (const m of source.replaceAll(/\/\/.*|"[^"\n]*"/g, '').matchAll(declared)) own.add(m[1] ?? m[2] ?? '');
  const kernel = /^(?:bpf_\w+|BPF_\w+|SEC|LICENSE|_?_?license|main|XDP_\w+|TC_\w+|data|data_end|ctx|len|mark|value|key|type|)$/;
  // A field of the kernel's may have a user's name: what is reached through an arrow stays.
  const reached = new Set([...source.matchAll(/(?:->|\.)\s*(\w+)/g)].map((m) => m[1] ?? ''));
  const renamed = new Map([...own].filter((name) => !kernel.test(name) && !reached.has(name) && !new RegExp(`extern[^;]*\\b${name}\\b|BPF_CORE_READ[^;]*\\b${name}\\b`).test(source)).map((name, i) => [name, `zq${i}_x`]));
  return (text) => text.replaceAll(/(?<![\w.])(?<!->)[A-Za-z_]\w*/g, (word) => renamed.get(word) ?? word);
}

/** Renames in the source and in the log's citations of it; names of maps in states too. */
function renamedRecording(recording: Recording): { changed: number; recording: Recording } {
  const rename = renamer(recording.source);
  const source = rename(recording.source);
  const log = recording.log
    .split('\n')
    .map((line) => (/^; /.test(line) ? `; ${rename(line.slice(2).replace(/ @ \S+$/, ''))}${/ @ \S+$/.exec(line)?.[0] ?? ''}` : line.replaceAll(/map=(\w+)/g, (_, name: string) => `map=${rename(name)}`).replaceAll(/'(\w+)'/g, (_, name: string) => `'${rename(name)}'`).replaceAll(/(?<=^recursive call .*)\w+(?=\(\))/g, rename)))
    .join('\n');
  const names = new Set(identifiers(source));
  return { changed: [...names].filter((name) => /^zq\d+_x$/.test(name)).length, recording: { ...recording, source, log } };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

describe('recorded rejections', () => {
  const halves = { 'a to m': RECORDINGS.filter((r) => r.firstHalf), 'n to z': RECORDINGS.filter((r) => !r.firstHalf) };

  it.each(Object.keys(halves) as (keyof typeof halves)[])('%s: figures', (half) => {
    const of = halves[half];
    const { logs, ...shares } = figures(of);
    console.log(`${half}: ${logs} logs, class right ${percent(shares.class)}, cause line exact ${percent(shares.exact)}, within two lines ${percent(shares.near)}`);
    for (const each of of) {
      const found = judge(each);
      if (!found.right || !found.exact) console.log(`  ${each.name}: ${found.class} at ${found.line ?? 'no line'}, expected ${each.expected.class} at ${each.expected.cause}`);
    }
    expect(logs).toBeGreaterThan(0);
  });

  it('of all: class right 95 %, cause line exact 85 %, within two lines 95 %', () => {
    const { class: right, exact, near } = figures(RECORDINGS);
    expect(right).toBeGreaterThanOrEqual(0.95);
    expect(exact).toBeGreaterThanOrEqual(0.85);
    expect(near).toBeGreaterThanOrEqual(0.95);
  });

  it('names do not matter: with each of the program renamed, class and line stay', () => {
    let changed = 0;
    const different = RECORDINGS.filter((recording) => {
      const other = renamedRecording(recording);
      changed += other.changed;
      const [before, after] = [judge(recording), judge(other.recording)];
      return before.class !== after.class || before.line !== after.line;
    });
    expect(different.map(({ name }) => name)).toEqual([]);
    expect(changed).toBeGreaterThan(RECORDINGS.length);
  });
});

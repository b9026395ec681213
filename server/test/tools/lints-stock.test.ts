import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Version } from '../../src/base/version.ts';
import { analyze } from '../../src/language/bpftrace/analysis/analyze.ts';
import { lint } from '../../src/language/bpftrace/lints/lint.ts';
import { bundled } from '../support/inventory.ts';
import { required } from '../support/local.ts';
import { parse } from '../support/marked.ts';

/** What a reviewer made of a finding on a program that comes with bpftrace. A wrong one would have to be repaired, not listed. */
interface Verdict { readonly tool: string; readonly line: number; readonly code: string; readonly verdict: 'true'; readonly why: string }

const verdicts = JSON.parse(readFileSync('test-fixtures/lints/stock-verdicts.json', 'utf8')) as readonly Verdict[];

function found(text: string, version: Version): string[] {
  const analysis = analyze(parse(text), { version, inventory: bundled, unsafe: true, targetName: 'the target' });
  return lint(analysis).map((p) => `${text.slice(0, p.span.start).split('\n').length} ${p.code}`);
}

function programsIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bt'));
  expect(names.length).toBeGreaterThan(30);
  return names.map((name) => join(folder, name));
}

describe('findings beyond the compiler on programs known to be right', () => {
  it.each<[string, () => string, Version]>([
    ['0.17', () => '/usr/sbin', [0, 17]],
    ['0.27', () => join(dirname(required('KGENT_TEST_BPFTRACE_NEW')), '../root/usr/sbin'), [0, 27, 1]],
  ])('the tools of bpftrace %s: each with a verdict', (name, folder, version) => {
    const said = programsIn(folder()).flatMap((file) => found(readFileSync(file, 'utf8'), version).map((what) => `${name}/${file.split('/').at(-1) ?? ''} ${what}`));
    expect(said.toSorted()).toEqual(verdicts.filter((v) => v.tool.startsWith(`${name}/`)).map((v) => `${v.tool} ${v.line} ${v.code}`).toSorted());
  });
  it.each([[[0, 17]], [[0, 27, 1]]] as const)('none on the examples of the knowledge base, for %j', (version) => {
    const said = programsIn('knowledge/examples').flatMap((file) => found(readFileSync(file, 'utf8'), version).map((what) => `${file} ${what}`));
    expect(said).toEqual([]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bpftraceCompile } from '../../src/checks/compile/bpftrace/check.ts';
import { bpftraceLoad } from '../../src/checks/load/bpftrace.ts';
import { allFindings, runPipeline } from '../../src/checks/pipeline.ts';
import { semanticsCheck } from '../../src/checks/semantics.ts';
import { syntaxCheck } from '../../src/checks/syntax.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { read } from '../support/parser.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf, required } from '../support/local.ts';

const FIXTURES = 'test-fixtures/bpftrace-errors/';
/** 720 probes: half a minute of loading that says nothing about places. */
const NOT_LOADED = new Set(['41-many-probes.bt']);
const samples = readdirSync(FIXTURES).filter((name) => name.endsWith('.bt'));

async function findings(text: string, load = true): Promise<readonly { where: string; words: string }[]> {
  const target = new LocalTarget();
  const facts = await factsOf(target);
  const reports = await runPipeline([syntaxCheck(read), semanticsCheck(read), bpftraceCompile(read), ...(load ? [bpftraceLoad(read)] : [])], { uri: 'file:///x.bt', version: 1, text, language: 'bpftrace' }, { target, facts, timeoutMs: 110_000, unsafe: false, inventory: () => Promise.resolve(bundled) });
  // Only a check behind one that found errors may not run.
  for (const r of reports) expect(r.skipped ?? 'found errors first').toContain('found errors first');
  return allFindings(reports).map((f) => {
    const { start, end } = f.range;
    const line = text.split(/\r?\n/)[start.line] ?? '';
    return { where: `${start.line}:${start.character}-${end.line}:${end.character} ${f.severity} ${f.code}`, words: line.slice(start.character, start.line === end.line ? end.character : undefined) };
  });
}

function expected(version: string): Record<string, string[]> {
  return JSON.parse(readFileSync(`${FIXTURES}expected-${version}.json`, 'utf8')) as Record<string, string[]>;
}

function suite(version: string): void {
  it('is the version this table was read for', async () => {
    expect((await factsOf(new LocalTarget())).tools.bpftrace?.text).toMatch(`v${version}.`);
  });
  it.each(samples)('%s', async (name) => {
    const found = await findings(readFileSync(FIXTURES + name, 'utf8'), !NOT_LOADED.has(name));
    // `? a`: told or not, by the attach points that the machine lists at the moment.
    const wanted = (expected(version)[name] ?? []).filter((place) => !place.startsWith('? ') || found.some((f) => `? ${f.where}` === place)).map((place) => place.replace(/^\? /, ''));
    expect(found.map((f) => f.where)).toEqual(wanted);
  });
  it('counts columns in UTF-16, whatever stands before', async () => {
    const found = await findings(readFileSync(`${FIXTURES}51-wide-characters-and-tabs.bt`, 'utf8'));
    expect(found[0]?.words).toMatch(/^prinft/);
  });
  it('counts CRLF as one line end', async () => {
    const found = await findings('// é\r\nBEGIN {\r\n  print(@none);\r\n}\r\n');
    expect(found.map((f) => f.words)).toEqual([expect.stringContaining('@none')]);
    expect(found[0]?.where).toMatch(/^2:/);
  });
}

describe('errors as bpftrace 0.17 tells them', () => suite('0.17'));

describe('errors as the newest bpftrace tells them', () => {
  const path = process.env['PATH'];
  beforeAll(() => {
    process.env['PATH'] = `${dirname(required('KGENT_TEST_BPFTRACE_NEW'))}:${path ?? ''}`;
  });
  afterAll(() => {
    process.env['PATH'] = path;
  });
  suite('0.27');
});

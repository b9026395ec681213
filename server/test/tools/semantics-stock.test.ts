import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Version } from '../../src/base/version.ts';
import type { Problem } from '../../src/language/bpftrace/problem.ts';
import { analyze } from '../../src/language/bpftrace/analysis/analyze.ts';
import { bundled } from '../support/inventory.ts';
import { required } from '../support/local.ts';
import { parse } from '../support/marked.ts';

function problems(path: string, version: Version): readonly Problem[] {
  return analyze(parse(readFileSync(path, 'utf8')), { version, inventory: bundled, unsafe: true, targetName: 'the target' }).problems;
}

function programsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bt')).map((name) => join(folder, name));
}

/**
 * Functions that the tools probe and the bundled 6.12 lacks, each a warning: blk_account_io_start and _done are inlined
 * since 5.16 and 6.x and their `__` forms are gone (the tools name both, whichever there is); blk_start_request went with
 * the single-queue block layer in 5.0; lookup_fast.constprop exists only with some compilers; swap_readpage is called
 * swap_read_folio since 6.7.
 */
const GONE = /^kprobe:(?:__)?blk_account_io_(?:start|done)$|^kprobe:blk_start_request$|^kprobe:lookup_fast\.constprop\.\*$|^kprobe:swap_readpage$/;

describe.each<[name: string, folder: () => string, version: Version]>([
  ['0.17', () => '/usr/sbin', [0, 17]],
  ['0.27', () => join(dirname(required('KGENT_TEST_BPFTRACE_NEW')), '../root/usr/sbin'), [0, 27, 1]],
])('the tools that come with bpftrace %s', (_, folder, version) => {
  const paths = programsIn(folder());

  it('are there', () => expect(paths.length).toBeGreaterThan(35));

  it.each(paths)('%s has no error, and probes no function without a reason', (path) => {
    const found = problems(path, version);
    expect(found.filter((p) => p.severity === 'error')).toEqual([]);
    const text = readFileSync(path, 'utf8');
    const missing = found.filter((p) => p.code === 'not-traceable' || p.code === 'attach-point-not-found');
    expect(missing.map((p) => text.slice(p.span.start, p.span.end)).filter((point) => !GONE.test(point))).toEqual([]);
  });
});

describe('the examples of the knowledge base have no error in any version', () => {
  it.each<[Version]>([[[0, 17]], [[0, 23]], [[0, 27]]])('%j', (version) => {
    const found = programsIn('knowledge/examples').flatMap((path) => problems(path, version).filter((p) => p.severity === 'error').map((p) => `${path} ${p.message}`));
    expect(found).toEqual([]);
  });
});

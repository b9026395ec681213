import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Version } from '../../src/base/version.ts';
import { analyze } from '../../src/language/bpftrace/analysis/analyze.ts';
import { allFaults } from '../../src/language/bpftrace/syntax/all-faults.ts';
import { bundled } from '../support/inventory.ts';
import { required } from '../support/local.ts';
import { parse } from '../support/marked.ts';
import { samples, type Sample } from '../support/programs/sample.ts';
import { eachOf, verdictOf } from '../support/verdict.ts';

/** Programs of each version; half of them with a fault. By hand: KGENT_DIFFERENTIAL_PROGRAMS=3000. */
const PROGRAMS = Number(process.env['KGENT_DIFFERENTIAL_PROGRAMS'] ?? 300);
const BATCH = 50;

/** A program that bpftrace and the analysis judge differently, and why that is. */
interface Disagreement {
  readonly version: string;
  readonly program: string;
  readonly reason: string;
}

const known = JSON.parse(readFileSync('test-fixtures/differential/disagreements.json', 'utf8')) as readonly Disagreement[];

function rejects(text: string, version: Version): boolean {
  const document = parse(text);
  const { problems } = analyze(document, { version, inventory: bundled, unsafe: false, targetName: 'the target' });
  return allFaults(document).length > 0 || problems.some((p) => p.severity === 'error');
}

interface Tally {
  judged: number;
  agreed: number;
  rejected: number;
  readonly others: string[];
}

async function judge(batch: readonly Sample[], version: Version, command: readonly string[], tally: Tally): Promise<void> {
  await eachOf(batch, 3, async ({ name, text }) => {
    const { verdict, said } = await verdictOf(command, text);
    if (verdict === 'none') return;
    tally.judged++;
    if (verdict === 'rejected') tally.rejected++;
    if (rejects(text, version) === (verdict === 'rejected')) tally.agreed++;
    else tally.others.push(`${name}: bpftrace ${verdict} it ${said}\n${text}`);
  });
}

describe.each<[name: string, version: Version, newest: boolean, command: () => readonly string[]]>([
  ['0.17', [0, 17, 0], false, () => ['bpftrace', '--test', 'codegen']],
  ['0.27', [0, 27, 1], true, () => [required('KGENT_TEST_BPFTRACE_NEW'), '--mode', 'codegen']],
])('random programs, judged by bpftrace %s and by analysis', (name, version, newest, command) => {
  const tally: Tally = { judged: 0, agreed: 0, rejected: 0, others: [] };
  const numbers = Array.from({ length: Math.ceil(PROGRAMS / BATCH) }, (_, i) => i * (BATCH / 2));
  it.each(numbers)('from number %d', async (from) => {
    const before = tally.judged;
    await judge(samples(from, from + BATCH / 2, newest), version, command(), tally);
    // A bpftrace that crashes on everything would agree with anybody.
    expect(tally.judged - before).toBeGreaterThan(BATCH * 0.9);
  });
  it('they agree on at least 98 %, and each disagreement has its reason', () => {
    expect(tally.rejected / tally.judged).toBeGreaterThan(0.25);
    expect(tally.rejected / tally.judged).toBeLessThan(0.75);
    const listed = new Set(known.filter((d) => d.version === name).map((d) => d.program));
    expect(tally.others.filter((other) => PROGRAMS <= 300 && !listed.has(other.slice(0, other.indexOf(':'))))).toEqual([]);
    expect(tally.agreed / tally.judged, tally.others.join('\n\n')).toBeGreaterThanOrEqual(0.98);
  });
});

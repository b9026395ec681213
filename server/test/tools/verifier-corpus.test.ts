import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CORPUS, compile, complaintOf, execute, kernelName, load, logFile, readCases, roomFor, runOracle, WHOLE, withoutNumbers, writeHeaders, type Case } from '../support/verifier-corpus.ts';

const kernel = kernelName(release());
const cases = readCases();
const recorded = cases.some((one) => one.kernels.includes(kernel));
/** A kernel nobody recorded must agree where all recorded ones do. */
const known = [...new Set(cases.flatMap((one) => one.kernels))];
const applies = (one: Case) => (recorded ? one.kernels.includes(kernel) : known.every((name) => one.kernels.includes(name)));

let work: string;
let before: string;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'kgent-corpus-'));
  before = await loaded();
  const header = await writeHeaders(work);
  expect(header.code, header.stderr).toBe(0);
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

/** The ids of all programs and maps of the kernel. */
async function loaded(): Promise<string> {
  const { stdout } = await execute(['sh', '-c', "for what in prog map; do bpftool $what list | sed -n 's/^\\([0-9]*\\): .*/'$what' \\1/p'; done"], work);
  return stdout;
}

/** What is wrong with one version of a case when this kernel loads it; empty when all is as recorded. */
async function wrong(one: Case, version: 'rejected' | 'correct'): Promise<string[]> {
  const room = roomFor(one, work);
  const built = await compile(one.id, version, work, room);
  if (built.code !== 0) return [`${one.id}: ${version} does not compile: ${built.stderr}`];
  if (!applies(one)) return [];
  const pins = `/sys/fs/bpf/${basename(work)}-${one.id.replace('/', '-')}-${version}`;
  try {
    const { code, stderr } = await load(one, version, room, pins);
    if (version === 'rejected') return rejection(one, code, stderr);
    return code === 0 ? await behaviour(one, room) : [`${one.id}: correct is rejected: ${complaintOf(stderr)}`];
  } finally {
    rmSync(pins, { recursive: true, force: true });
    rmSync(join(room, `${version}.o`), { force: true });
  }
}

function rejection(one: Case, code: number, log: string): string[] {
  if (code === 0) return [`${one.id}: rejected is loaded`];
  if (!recorded) return [];
  const [now, then] = [log, readFileSync(logFile(one.id, kernel), 'utf8')].map((text) => withoutNumbers(complaintOf(text)));
  return now === then ? [] : [`${one.id}: "${now}" instead of "${then}"`];
}

async function behaviour(one: Case, room: string): Promise<string[]> {
  if (!one.oracle) return [];
  const returned = await runOracle(one, 'correct.o', room);
  return returned === String(one.oracle.returns) ? [] : [`${one.id}: correct returned ${returned}`];
}

describe('the corpus of rejected programs', () => {
  it('is big and whole', () => {
    expect(cases.length).toBeGreaterThanOrEqual(130);
    expect(cases.filter(applies).length).toBeGreaterThanOrEqual(120);
    for (const one of cases) {
      const lines = readFileSync(join(CORPUS, one.id, 'rejected.bpf.c'), 'utf8').split('\n');
      expect(one.id).toBe(`${one.class}/${basename(one.id)}`);
      for (const line of [one.cause, one.line]) expect(lines[line - 1]?.trim(), `${one.id}:${line}`).toBeTruthy();
      expect(lines.join('\n'), one.id).toContain(one.program);
      expect(one.kernels.length, one.id).toBeGreaterThan(0);
      for (const name of one.kernels) expect(existsSync(logFile(one.id, name)), `${one.id}: log of ${name}`).toBe(true);
    }
  });

  const classes = [...new Set(cases.map((one) => one.class))];
  it.each(classes)('%s: rejected as recorded, and the correct version loads', { timeout: 900_000 }, async (name) => {
    const problems = [];
    // The kernel takes up to half a minute to give one of those up.
    const enough = name === 'too-complex' && !WHOLE ? 2 : undefined;
    for (const one of cases.filter((c) => c.class === name).slice(0, enough))
      problems.push(...(await Promise.all([wrong(one, 'rejected'), wrong(one, 'correct')])).flat());
    expect(problems).toEqual([]);
  });

  it('leaves nothing behind', { timeout: 60_000 }, async () => {
    await expect.poll(loaded, { timeout: 30_000, interval: 500 }).toBe(before);
  });
});

import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { knownFacts } from '../../test/support/facts.ts';
import type { KernelRecord } from '../kernel/record.ts';
import { InventoryStore } from './store.ts';

function bench(maxBytes?: number) {
  const dir = mkdtempSync(join(tmpdir(), 'kgent-store-'));
  const logged: string[] = [];
  const clock = { now: 1_000_000 };
  const log = { debug() {}, info() {}, warn: (message: string) => logged.push(message), error() {} };
  const open = () => new InventoryStore({ dir, log, clock: () => clock.now, ...(maxBytes === undefined ? {} : { maxBytes }) });
  const kernels = (): string[] => readdirSync(join(dir, 'kernels')).sort();
  return { dir, logged, clock, kernels, open, store: open() };
}
/** Half a megabyte that does not compress. */
const noise = new Uint8Array(randomBytes(500_000));
const record = (kernelId: string): KernelRecord => ({ release: '6.12.0', arch: 'x86_64', distribution: '', kernelId, modules: { xfs: '1' }, moduleBtf: new Map(), formats: noise });

describe('kernels', () => {
  it('are kept for the next session, for nobody else to read', async () => {
    const { store, open, dir, kernels } = bench();
    await store.keepKernel(record('c0ffee'));
    expect(await open().kernel('c0ffee')).toMatchObject({ kernelId: 'c0ffee', modules: { xfs: '1' } });
    expect([await open().kernel('beef'), await open().kernel(''), kernels(), statSync(join(dir, 'kernels/c0ffee.kernel.gz')).mode & 0o777]).toEqual([undefined, undefined, ['c0ffee.kernel.gz'], 0o600]);
  });
  it.each([
    ['cut short', (path: string) => truncateSync(path, 1000)],
    ['nothing of ours', (path: string) => writeFileSync(path, 'hello')],
    ['empty', (path: string) => writeFileSync(path, '')],
  ])('%s: told, removed, and as if it were not there', async (_, damage) => {
    const { store, dir, logged, kernels } = bench();
    await store.keepKernel(record('c0ffee'));
    damage(join(dir, 'kernels/c0ffee.kernel.gz'));
    expect([await store.kernel('c0ffee'), logged.length, kernels()]).toEqual([undefined, 1, []]);
  });
  it('those not used for longest go', async () => {
    const { store, clock, kernels } = bench(1_200_000);
    for (const id of ['a', 'b']) {
      clock.now += 1000;
      await store.keepKernel(record(id));
    }
    clock.now += 1000;
    await store.kernel('a');
    clock.now += 1000;
    await store.keepKernel(record('c'));
    expect(kernels()).toEqual(['a.kernel.gz', 'c.kernel.gz']);
  });
  it('the newest stays, however large', async () => {
    const { store, kernels } = bench(1000);
    await store.keepKernel(record('a'));
    expect(kernels()).toEqual(['a.kernel.gz']);
  });
  it('what a killed process left half written goes after an hour', async () => {
    const { store, clock, dir, kernels } = bench();
    await store.keepKernel(record('a'));
    writeFileSync(join(dir, 'kernels/b.kernel.gz.123.tmp'), 'half');
    const written = statSync(join(dir, 'kernels/b.kernel.gz.123.tmp')).mtimeMs;
    clock.now = written + 1000;
    await store.keepKernel(record('a'));
    expect(kernels()).toEqual(['a.kernel.gz', 'b.kernel.gz.123.tmp']);
    clock.now = written + 3_700_000;
    await store.keepKernel(record('a'));
    expect(kernels()).toEqual(['a.kernel.gz']);
  });
  it('a host cannot choose the file', async () => {
    const { store, kernels } = bench();
    await store.keepKernel(record('../../../etc/x'));
    expect([(await store.kernel('../../../etc/x'))?.kernelId, kernels()]).toEqual(['../../../etc/x', [expect.stringMatching(/^[\da-f]{32}\.kernel\.gz$/)]]);
  });
  it('a disk that cannot be written to is told, and no more', async () => {
    const { dir, logged, store } = bench();
    writeFileSync(join(dir, 'kernels'), 'in the way');
    await store.keepKernel(record('a'));
    expect([await store.kernel('a'), logged]).toEqual([undefined, [expect.stringContaining('could not be kept for the next time')]]);
  });
});

describe('targets', () => {
  it('what was known of them, and when', async () => {
    const { store, open } = bench();
    await store.keepTarget('user@host:22', knownFacts);
    expect(await open().target('user@host:22')).toEqual({ name: 'user@host:22', at: 1_000_000, facts: knownFacts });
    await open().forgetTarget('user@host:22');
    expect(await open().target('user@host:22')).toBeUndefined();
  });
  it('a file that is damaged or of an older Kgent is as if it were not there', async () => {
    const { store, dir } = bench();
    await store.keepTarget('vm', knownFacts);
    const path = join(dir, 'targets', readdirSync(join(dir, 'targets'))[0] ?? '');
    const whole = readFileSync(path, 'utf8');
    for (const content of [whole.slice(0, -5), whole.replace('"kernelId"', '"other"'), whole.replace('"vm"', '"another"'), 'null']) {
      writeFileSync(path, content);
      expect(await store.target('vm')).toBeUndefined();
    }
  });
});

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { knownFacts } from '../../test/support/facts.ts';
import { all, FORMATS, machine, part, ran, type Machine } from '../../test/support/machine.ts';
import type { Facts } from '../kernel/facts.ts';
import { encodeRecord } from '../kernel/record.ts';
import { Inventories } from './inventories.ts';
import type { Progress } from './progress.ts';
import { InventoryStore } from './store.ts';

const DAY = 86_400_000;
const patient = { timeoutMs: 60_000 };
const withModules = (modules: Readonly<Record<string, string>>): Facts => ({ ...knownFacts, modules });

/** Sessions one after the other over the same directory. */
function bench() {
  const dir = mkdtempSync(join(tmpdir(), 'kgent-kept-'));
  const clock = { now: 0 };
  const logged: string[] = [];
  const log = { debug() {}, info: (message: string) => logged.push(message), warn: (message: string) => logged.push(message), error() {} };
  const store = new InventoryStore({ dir, log, clock: () => clock.now });
  /** Keeping goes on when the inventory is there already. */
  const kept: Promise<void>[] = [];
  const keep = store.keepKernel.bind(store);
  store.keepKernel = (record) => {
    kept.push(keep(record));
    return kept.at(-1) ?? Promise.resolve();
  };
  const session = () => new Inventories({ dir: 'knowledge/kernels', log, store, clock: () => clock.now });
  const read = async (target: Machine, facts: Facts) => {
    const inventory = await session().own(target, facts, patient);
    await Promise.all(kept);
    return inventory;
  };
  return { clock, logged, store, session, read };
}

it('a second session asks for nothing, nor does another host with the same kernel', async () => {
  const { read } = bench();
  const first = await read(machine(ran(all)), knownFacts);
  const [again, other] = [machine(), machine()];
  for (const target of [again, other]) expect(await read(target, knownFacts)).toMatchObject({ source: 'target', label: first.label, release: first.release });
  expect([again.requests, other.requests]).toEqual([[], []]);
});
it('a module that was loaded meanwhile is read alone', async () => {
  const { read } = bench();
  await read(machine(ran(all)), knownFacts);
  const target = machine(ran(part('functions', 'xfs_read [xfs]\n') + part('formats', `${FORMATS}${FORMATS.replaceAll('sched_switch', 'sched_go')}`)));
  const inventory = await read(target, withModules({ xfs: '1' }));
  expect(target.requests[0]?.argv.slice(4)).toEqual(['modules', 'xfs']);
  expect(['vfs_read', 'xfs_read', 'do_int3'].map((name) => inventory.probes.has('kprobe', name))).toEqual([true, true, false]);
  expect(inventory.probes.countMatches('tracepoint', '*', '*')).toBe(2);
  const later = machine();
  expect((await read(later, withModules({ xfs: '1' }))).probes.has('kprobe', 'xfs_read')).toBe(true);
});
it('what a module no longer loaded had is not there', async () => {
  const { read } = bench();
  await read(machine(ran(all.replace(part('functions', 'vfs_read\n'), part('functions', 'vfs_read\nxfs_read [xfs]\n')))), withModules({ xfs: '1' }));
  const target = machine(ran(part('formats', FORMATS)));
  const inventory = await read(target, withModules({}));
  expect([target.requests[0]?.argv.slice(4), inventory.probes.has('kprobe', 'xfs_read'), inventory.probes.has('kprobe', 'vfs_read')]).toEqual([['modules'], false, true]);
});
it('what was kept stands in when the rest cannot be read', async () => {
  const { read, logged } = bench();
  await read(machine(ran(all)), knownFacts);
  const lost = machine({ kind: 'failed', reason: 'connection-lost', message: 'The connection was lost.' });
  expect((await read(lost, withModules({ xfs: '1' }))).source).toBe('target');
  expect(logged).toContain('The kernel of machine could not be read, what was known of it stands in: The connection was lost.');
});
it('what was kept and makes no sense is read again', async () => {
  const { read, store } = bench();
  await store.keepKernel({ release: '6', arch: 'x86_64', distribution: '', kernelId: knownFacts.kernelId, modules: {}, moduleBtf: new Map(), btf: new Uint8Array([1, 2, 3]), formats: encodeRecord({ release: '', arch: '', distribution: '', moduleBtf: new Map() }) });
  const target = machine(ran(all));
  expect((await read(target, knownFacts)).probes.has('kprobe', 'vfs_read')).toBe(true);
  expect((await read(machine(), knownFacts)).probes.has('kprobe', 'vfs_read')).toBe(true);
});
it('a target that cannot be reached is what it was, and says so', async () => {
  const { clock, read, session, store } = bench();
  await read(machine(ran(all)), knownFacts);
  await store.keepTarget('machine', knownFacts);
  clock.now += 3.2 * DAY;
  const away = machine();
  let refuse: () => void = () => undefined;
  away.facts = () => new Promise((resolve) => (refuse = () => resolve({ kind: 'failed', reason: 'unreachable', message: 'no route' })));
  const inventories = session();
  const asOf = `machine (${knownFacts.release}, as of 3 days ago`;
  expect(await inventories.known(away)).toMatchObject({ facts: knownFacts, inventory: { label: `${asOf})`, asOf: 0 } });
  const told = new Promise<string>((resolve) => inventories.onMore(resolve));
  refuse();
  expect(await told).toBe('machine');
  expect((await inventories.known(away)).inventory.label).toBe(`${asOf}; not reachable now)`);
  expect([(await inventories.own(away, undefined, patient)).probes.has('kprobe', 'vfs_read'), await inventories.factsBefore(away)]).toEqual([true, knownFacts]);
});
it('tells how far reading has come, and when it has ended', async () => {
  const { session } = bench();
  const told: (Progress | undefined)[] = [];
  const inventories = session();
  inventories.onProgress((_, progress) => told.push(progress));
  const target = machine(ran(all));
  const exec = target.exec.bind(target);
  target.exec = (request) => {
    request.onStdout?.('#1000000\n#200\n=btf\n');
    request.onStdout?.('x'.repeat(100_000));
    request.onStdout?.('x'.repeat(2_000_000));
    return exec(request);
  };
  await inventories.own(target, knownFacts, patient);
  expect(told).toEqual([
    { phase: 'reading the kernel', done: 19, total: 990_098 },
    { phase: 'reading the kernel', done: 100_019, total: 990_098 },
    { phase: 'reading the kernel', done: 2_100_019, total: 2_100_019 },
    { phase: 'opening the kernel', done: 0 },
    undefined,
  ]);
});
it('a connection that is made is told until nobody waits for it', async () => {
  const { session } = bench();
  const inventories = session();
  const told: (string | undefined)[] = [];
  inventories.onProgress((_, progress) => told.push(progress?.phase));
  const target = machine(ran(all));
  const answers: (() => void)[] = [];
  target.facts = () => new Promise((resolve) => answers.push(() => resolve({ kind: 'known', facts: knownFacts })));
  const both = [inventories.ask(target, {}), inventories.ask(target, {})];
  answers[0]?.();
  await both[0];
  expect(told).toEqual(['connecting', 'connecting']);
  answers[1]?.();
  expect([(await both[1])?.kind, told]).toEqual(['known', ['connecting', 'connecting', undefined]]);
  await inventories.own(target, knownFacts, patient);
  told.length = 0;
  // From now on it is connected: whoever asks again is not told of.
  const again = inventories.ask(target, {});
  answers[2]?.();
  await again;
  expect(told).toEqual([]);
});

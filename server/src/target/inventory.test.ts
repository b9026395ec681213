import { describe, expect, it } from 'vitest';
import { sampleBtf } from '../../test/support/btf.ts';
import { knownFacts } from '../../test/support/facts.ts';
import { all, FORMATS, machine, part, ran } from '../../test/support/machine.ts';
import type { Log } from '../base/log.ts';
import { Inventories } from './inventories.ts';
import { fetchRecord } from './inventory.ts';
import { NoTarget } from './none.ts';
import type { Outcome } from './target.ts';

describe('reading a kernel', () => {
  const read = async (answer: Outcome, facts = knownFacts) => fetchRecord(machine(answer), { facts, timeoutMs: 1000 });

  it('takes apart what one command printed', async () => {
    const sizes = '  3 failover\n 4 virtio_net\n  7 total\n';
    const known = await read(ran(all + part('module-sizes', sizes) + part('module-btf', 'abcdefg')));
    expect(known.kind).toBe('known');
    if (known.kind !== 'known') return;
    const { record } = known;
    const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
    expect([record.release, record.arch, text(record.functions), text(record.blacklist), text(record.formats)]).toEqual([knownFacts.release, knownFacts.arch, 'vfs_read\n', 'do_int3\n', FORMATS]);
    expect([...record.moduleBtf].map(([name, bytes]) => [name, text(bytes)])).toEqual([['failover', 'abc'], ['virtio_net', 'defg']]);
  });
  it('leaves out what could not be read, and modules whose sizes do not fit', async () => {
    const known = await read(ran(part('functions', '') + part('module-sizes', ' 5 failover\n') + part('module-btf', 'abc')));
    expect(known).toEqual({ kind: 'known', record: { release: knownFacts.release, arch: knownFacts.arch, distribution: knownFacts.distribution, kernelId: knownFacts.kernelId, modules: {}, moduleBtf: new Map() } });
  });
  it('goes by the root the facts tell of', async () => {
    for (const [root, asRoot] of [['is-root', true], ['sudo', true], ['none', false]] as const) {
      const target = machine(ran(all));
      await fetchRecord(target, { facts: { ...knownFacts, root }, timeoutMs: 1000 });
      expect(target.requests[0]?.asRoot).toBe(asRoot);
    }
  });
  it.each<[string, Outcome]>([
    ['cut off', { ...ran(all), truncated: true } as Outcome],
    ['mixed with other output', ran(all.replace('=formats\nH', '=formats\nBroadcast message!\nH'))],
    ['a part cut short', ran(all.slice(0, -40))],
  ])('%s: says so', async (_, answer) => {
    expect(await read(answer)).toMatchObject({ kind: 'failed', message: 'What machine told of its kernel could not be read: it was cut off or mixed with other output.' });
  });
  it('passes on why nothing ran', async () => {
    const lost: Outcome = { kind: 'failed', reason: 'connection-lost', message: 'The connection to the target was lost.' };
    expect(await read(lost)).toBe(lost);
  });
});

describe('inventories', () => {
  function bench(): { inventories: Inventories; told: string[]; logged: string[]; clock: { now: number } } {
    const logged: string[] = [];
    const log: Log = { debug() {}, info() {}, warn: (message) => logged.push(message), error: (message) => logged.push(message) };
    const clock = { now: 0 };
    const inventories = new Inventories({ dir: 'knowledge/kernels', log, clock: () => clock.now });
    const told: string[] = [];
    inventories.onMore((target) => told.push(target));
    return { inventories, told, logged, clock };
  }
  const patient = { timeoutMs: 60_000 };

  it('reads a target once, for all who wait', async () => {
    const { inventories, told } = bench();
    const target = machine(ran(all));
    const both = await Promise.all([inventories.own(target, knownFacts, patient), inventories.own(target, knownFacts, patient)]);
    expect([both[0].source, both[0].label, both[1] === both[0], await inventories.now(target, knownFacts) === both[0]]).toEqual(['target', `machine (${knownFacts.release})`, true, true]);
    expect([target.requests.length, told]).toEqual([1, ['machine', 'machine']]);
  });
  it('the bundled kernel stands in until then, and it is told when there is more', async () => {
    const { inventories, told } = bench();
    let answer: (outcome: Outcome) => void = () => undefined;
    const target = machine(new Promise<Outcome>((resolve) => (answer = resolve)));
    expect(await inventories.known(target)).toMatchObject({ inventory: { source: 'bundled' } });
    expect(await inventories.known(target)).toMatchObject({ facts: knownFacts, inventory: { source: 'bundled' } });
    expect(told).toEqual(['machine']);
    answer(ran(all));
    await inventories.own(target, knownFacts, patient);
    expect([(await inventories.known(target)).inventory.source, told]).toEqual(['target', ['machine', 'machine']]);
  });
  it('a kernel that cannot be read is told once, and tried again later', async () => {
    const { inventories, logged, clock } = bench();
    const target = machine({ kind: 'failed', reason: 'connection-lost', message: 'The connection to the target was lost.' }, ran(all));
    for (let i = 0; i < 3; i++) expect((await inventories.own(target, knownFacts, patient)).source).toBe('bundled');
    expect(logged).toEqual(['The kernel of machine could not be read, the bundled one stands in: The connection to the target was lost.']);
    clock.now = 60_000;
    expect((await inventories.own(target, knownFacts, patient)).source).toBe('target');
  });
  it.each([
    ['damaged BTF', ran(part('btf', 'no BTF') + part('formats', FORMATS)), "The kernel of machine could not be read, the bundled one stands in: The kernel's type information (BTF) cannot be read: it has only 6 bytes."],
    ['no root', ran(part('btf', sampleBtf().bytes())), 'The tracepoints and functions of machine cannot be read without root, the bundled kernel stands in.'],
  ])('%s: the bundled kernel stands in', async (_, answer, message) => {
    const { inventories, logged } = bench();
    expect((await inventories.own(machine(answer), knownFacts, patient)).source).toBe('bundled');
    expect(logged).toEqual([message]);
  });
  it('waits no longer than it may, nor for one who is gone', async () => {
    const { inventories, logged } = bench();
    const target = machine(new Promise<Outcome>(() => undefined));
    expect((await inventories.own(target, knownFacts, { timeoutMs: 1 })).source).toBe('bundled');
    expect((await inventories.own(target, knownFacts, { timeoutMs: 60_000, signal: AbortSignal.abort() })).source).toBe('bundled');
    expect(logged).toEqual(['Reading the kernel of machine takes longer than 0.001 s; the bundled kernel stands in.']);
  });
  it('new facts mean a new connection: the kernel is read anew', async () => {
    const { inventories } = bench();
    const target = machine(ran(all), ran(all.replace(part('functions', 'vfs_read\n'), part('functions', 'vfs_read\nvfs_write\n'))));
    const counts = [];
    for (const facts of [knownFacts, { ...knownFacts }]) counts.push((await inventories.own(target, facts, patient)).probes.countMatches('kprobe', 'vfs_*'));
    expect(counts).toEqual([1, 2]);
  });
  it('no machine, or one that cannot be reached: the bundled kernel, and nobody is asked again and again', async () => {
    const { inventories, clock } = bench();
    expect(await inventories.known(new NoTarget())).toEqual({ inventory: await inventories.bundled() });
    const target = machine();
    let asked = 0;
    target.facts = () => Promise.resolve((asked++, { kind: 'failed', reason: 'unreachable', message: 'no route' }));
    for (let i = 0; i < 3; i++) expect((await inventories.known(target)).inventory.source).toBe('bundled');
    clock.now = 60_000;
    await inventories.known(target);
    expect([asked, (await inventories.own(target, undefined, patient)).source]).toEqual([2, 'bundled']);
  });
});

it('the target that is none starts nothing and says what to do', async () => {
  const message = "This needs a machine, and the target 'none' is none: choose another target.";
  const none = new NoTarget();
  expect(await none.start({ argv: ['true'], timeoutMs: 1 }).done).toMatchObject({ kind: 'failed', message });
  expect(await none.facts()).toMatchObject({ kind: 'failed', message });
});

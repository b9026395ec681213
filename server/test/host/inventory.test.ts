import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Inventory, ListedProvider } from '../../src/kernel/inventory.ts';
import { openInventory } from '../../src/kernel/open.ts';
import { listProbes } from '../../src/language/bpftrace/queries/list-probes.ts';
import { fetchRecord } from '../../src/target/inventory.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf } from '../support/local.ts';
import { MANY, printedWithFields, withFields } from '../support/verbose.ts';
import { sh, vmTarget } from '../support/vm.ts';

/** Debian 13's kernel as its bpftrace 0.23 lists it. */
let machine: Awaited<ReturnType<typeof vmTarget>>;
let inventory: Inventory;

async function bpftrace(flag: string, pattern: string): Promise<string[]> {
  const outcome = await machine.target.exec({ argv: ['bpftrace', flag, pattern], asRoot: true, timeoutMs: 110_000, maxOutputBytes: 1 << 26 });
  if (outcome.kind !== 'ran' || outcome.exitCode !== 0) throw new Error(JSON.stringify(outcome).slice(0, 500));
  return outcome.stdout.split('\n').filter((line) => line !== '');
}

beforeAll(async () => {
  machine = await vmTarget();
  const read = await fetchRecord(machine.target, { facts: await factsOf(machine.target), timeoutMs: 110_000 });
  if (read.kind !== 'known') throw new Error(JSON.stringify(read));
  inventory = await openInventory(read.record, { source: 'target', label: 'vm' });
});
afterAll(() => machine.dispose());

it.each<ListedProvider>(['tracepoint', 'rawtracepoint', 'kprobe', 'fentry', 'iter', 'software', 'hardware'])('%s: line for line', async (provider) => {
  expect([...inventory.probes.matches(provider, ['*'], MANY)].sort()).toEqual((await bpftrace('-l', `${provider}:*`)).sort());
});
it.each(['*', 'kretprobe:tcp*', 'fexit:vmlinux:tcp_*', 'kprobe:virtio_net:*', 'kprobe:virt*:*open*', 'tracepoint:sched*', '*sched*', '*:tcp_connect', 'k*:vfs_*', 'kfunc:vfs_re*', 'interval:*'])('%s: as kgent target probe --list answers, in the same order', async (pattern) => {
  expect(listProbes(inventory, pattern)).toEqual({ kind: 'attach-points', lines: await bpftrace('-l', pattern) });
});
it('the same fields of all tracepoints', async () => {
  expect(withFields(inventory)).toEqual(printedWithFields(await bpftrace('-lv', 'tracepoint:*')));
});
it('what is not listed and still there can be attached to', async () => {
  // Left out of lists: `rcu_*`, split-off parts of functions, and fentry beyond six parameters.
  for (const point of ['kprobe:rcu_barrier', 'fentry:rcu_barrier', 'fentry:FSE_decompress_wksp', 'rawtracepoint:pelt_cfs_tp']) {
    const [provider, name] = point.split(':') as [ListedProvider, string];
    expect([point, inventory.probes.has(provider, name), inventory.probes.countMatches(provider, name)]).toEqual([point, true, 0]);
    expect(await sh(machine.target, `timeout -s INT 30 bpftrace -e '${point} { @ = 1 } interval:ms:100 { printf("attached\\n"); exit() }'`)).toContain('attached');
  }
});
it('the bundled kernel is this one, with more modules', () => {
  for (const provider of ['tracepoint', 'kprobe', 'fentry', 'iter'] as const) {
    const there = new Set(bundled.probes.matches(provider, ['*'], MANY));
    expect(inventory.probes.matches(provider, ['*'], MANY).filter((point) => !there.has(point))).toEqual([]);
  }
  expect(bundled.release).toBe(inventory.release);
});

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Log } from '../../src/base/log.ts';
import { listProbes } from '../../src/language/bpftrace/queries/list-probes.ts';
import type { Inventory } from '../../src/kernel/inventory.ts';
import { Inventories } from '../../src/target/inventories.ts';
import { InventoryStore } from '../../src/target/store.ts';
import { factsOf } from '../support/local.ts';
import { sh, vmTarget } from '../support/vm.ts';

/** A module that the machine can do without, and that the bundled kernel knows too. */
const MODULE = 'tun';
const dir = mkdtempSync(join(tmpdir(), 'kgent-kept-'));
const logged: string[] = [];
const log: Log = { debug() {}, info: (message) => logged.push(message), warn: (message) => logged.push(message), error: (message) => logged.push(message) };
let machine: Awaited<ReturnType<typeof vmTarget>>;
beforeAll(async () => {
  machine = await vmTarget();
  await sh(machine.target, `modprobe -r ${MODULE}`);
});
afterAll(async () => {
  await sh(machine.target, `modprobe -r ${MODULE}`);
  await machine.dispose();
});

/** A session of its own over what was kept; what it said of how it came to know the kernel. */
async function session(): Promise<{ inventory: Inventory; how: string }> {
  const store = new InventoryStore({ dir, log });
  const kept: Promise<void>[] = [];
  const keep = store.keepKernel.bind(store);
  store.keepKernel = (record) => {
    const done = keep(record);
    kept.push(done);
    return done;
  };
  const inventories = new Inventories({ dir: 'knowledge/kernels', log, store });
  const inventory = await inventories.own(machine.target, await factsOf(machine.target), { timeoutMs: 110_000 });
  await Promise.all(kept);
  return { inventory, how: /was (.*) in \d+ ms/.exec(logged.at(-1) ?? '')?.[1] ?? logged.join('\n') };
}

const listed = async (pattern: string): Promise<string[]> => (await sh(machine.target, `bpftrace -l '${pattern}'`, 110_000)).split('\n').filter((line) => line !== '');
const ours = (inventory: Inventory, pattern: string): unknown => listProbes(inventory, pattern);

it('read once; a module loaded later is read alone; unloaded it is gone', async () => {
  expect((await session()).how).toBe('read');
  expect((await session()).how).toBe('known, and opened');

  await sh(machine.target, `modprobe ${MODULE}`);
  const loaded = await session();
  expect(loaded.how).toBe('brought up to date');
  for (const pattern of [`kprobe:${MODULE}:*`, 'tracepoint:*']) expect(ours(loaded.inventory, pattern)).toEqual({ kind: 'attach-points', lines: await listed(pattern) });
  expect(loaded.inventory.func('tun_get_user')?.module).toBe(MODULE);
  expect((await session()).how).toBe('known, and opened');

  await sh(machine.target, `modprobe -r ${MODULE}`);
  const unloaded = await session();
  expect([unloaded.how, ours(unloaded.inventory, `kprobe:${MODULE}:*`), unloaded.inventory.func('tun_get_user')]).toEqual(['brought up to date', { kind: 'attach-points', lines: [] }, undefined]);
});

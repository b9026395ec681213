import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readHelpers } from '../../src/kernel/helpers.ts';
import { probeHelpers } from '../../src/target/helper-probe.ts';
import { Inventories } from '../../src/target/inventories.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { InventoryStore } from '../../src/target/store.ts';
import { factsOf, silentLog } from '../support/local.ts';

/** This machine's bpftool is older than its kernel and cannot tell what helpers there are. */
const local = new LocalTarget();
const facts = await factsOf(local);
const dir = mkdtempSync(join(tmpdir(), 'kgent-helpers-'));
const session = () => new Inventories({ dir: 'knowledge/kernels', log: silentLog, store: new InventoryStore({ dir, log: silentLog }) });
const own = (inventories: Inventories) => inventories.own(local, facts, { timeoutMs: 60_000 });

it('where bpftool cannot tell, the kernel is asked; then it is told, and known in the next session', async () => {
  const inventories = session();
  expect((await own(inventories)).helpers('kprobe')).toBeUndefined();
  let told = 0;
  inventories.onMore(() => told++);
  await Promise.all([inventories.learnHelpers(local), inventories.learnHelpers(local)]);
  const inventory = await own(inventories);
  const may = (type: string, helper: string) => inventory.helpers(type)?.has(helper);
  expect([may('kprobe', 'bpf_get_stack'), may('kprobe', 'bpf_xdp_adjust_head'), may('xdp', 'bpf_xdp_adjust_head'), may('sched_cls', 'bpf_trace_printk'), may('nosuch', 'bpf_get_stack'), told]).toEqual([true, false, true, true, undefined, 1]);
  expect([...((await own(session())).helpers('xdp') ?? [])].sort()).toEqual([...(inventory.helpers('xdp') ?? [])].sort());
});
it('without perl nothing is known', async () => {
  const { perl, ...tools } = facts.tools;
  expect(perl).toBeDefined();
  const features = await probeHelpers(local, { ...facts, tools }, await own(session()), new AbortController().signal);
  expect([features, readHelpers(features).size]).toEqual([undefined, 0]);
});

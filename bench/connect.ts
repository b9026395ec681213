// connect.ts: what connecting to a target costs, the first time and again, beside `bpftrace -l` on the same target in the
// same run; and what an inventory of 150,000 probes costs in memory and time. The machine itself, and the virtual machine
// where KGENT_TEST_VM tells of it: KGENT_TEST_VM="$(node scripts/vm/up.mjs)" npx tsx --expose-gc bench/connect.ts
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../server/src/base/log.ts';
import type { Inventory } from '../server/src/kernel/inventory.ts';
import { openInventory } from '../server/src/kernel/open.ts';
import { decodeRecord, textOf, type KernelRecord } from '../server/src/kernel/record.ts';
import { Inventories } from '../server/src/target/inventories.ts';
import { takeBundledKernel } from '../server/src/target/bundled-kernel.ts';
import type { SshSpec } from '../server/src/target/ssh/config.ts';
import { InventoryStore } from '../server/src/target/store.ts';
import { askNobody } from '../server/src/target/target.ts';
import { Targets } from '../server/src/target/targets.ts';
import { ms, summarize, timed } from './statistics.ts';

const ROUNDS = 3;
const KERNELS = 'knowledge/kernels';
const PROBES = 150_000;

interface Machine {
  readonly name: string;
  readonly spec?: SshSpec;
  /** Milliseconds for the first time, and again. */
  readonly budget: { readonly first: number; readonly again: number };
}

/** One session from its beginning until the target's own kernel is there: a new connection each time. */
async function connect({ name, spec }: Machine, cache: string): Promise<{ took: number; list: () => Promise<number> }> {
  const store = new InventoryStore({ dir: cache, log: silentLog });
  const targets = new Targets({ home: cache, env: {}, ask: askNobody, log: silentLog, store });
  if (spec && !targets.list().some((one) => one.name === name)) await targets.add(name, spec);
  const target = targets.get(name);
  const inventories = new Inventories({ dir: KERNELS, log: silentLog, store });
  const took = await timed(async () => {
    const known = await inventories.ask(target, {});
    if (known.kind !== 'known') throw new Error(`nothing is known of ${name}: ${JSON.stringify(known)}`);
    const inventory = await inventories.own(target, known.facts, { timeoutMs: 120_000 });
    if (inventory.source !== 'target') throw new Error(`the kernel of ${name} could not be read`);
  });
  const list = async (): Promise<number> => {
    const listing = timed(async () => {
      const outcome = await target.exec({ argv: ['bpftrace', '-l'], asRoot: true, timeoutMs: 120_000, maxOutputBytes: 1 << 26 });
      if (outcome.kind !== 'ran') throw new Error(JSON.stringify(outcome).slice(0, 500));
    });
    return listing.finally(() => targets.dispose());
  };
  return { took, list };
}

async function measure(machine: Machine): Promise<void> {
  const [first, again, listed]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    const cache = mkdtempSync(join(tmpdir(), 'kgent-bench-'));
    for (const times of [first, again]) {
      const { took, list } = await connect(machine, cache);
      times.push(took);
      listed.push(await list());
    }
    rmSync(cache, { recursive: true });
  }
  const beside = summarize(listed).median;
  for (const [what, times, budget] of [['new', first, machine.budget.first], ['again', again, machine.budget.again]] as const) {
    const { median } = summarize(times);
    const best = Math.min(...times);
    console.log(`${machine.name}, ${what}: best ${ms(best)}, median ${ms(median)} of ${times.length} (budget ${ms(budget)}: ${best <= budget ? 'kept' : 'MISSED'}); ${(median / beside).toFixed(2)} times what \`bpftrace -l\` takes there (${ms(beside)})`);
  }
}

/** The bundled kernel with more modules until there are so many probes. */
function synthesised(record: KernelRecord, probes: number): KernelRecord {
  const lines = textOf(record.functions).split('\n').filter((line) => line !== '');
  const more: string[] = [];
  for (let n = 0; lines.length + more.length < probes; n++) more.push(`${(lines[(n * 7919) % lines.length] ?? '').replace(/ .*/, '')}_${n} [synthetic_${n % 300}]`);
  return { ...record, functions: Buffer.from([...lines, ...more].sort().map((line) => `${line}\n`).join(''), 'latin1') };
}

const QUESTIONS: readonly (readonly [string, (inventory: Inventory, n: number) => unknown])[] = [
  ['one attach point', ({ probes }, n) => probes.has('kprobe', ['vfs_read', 'no_such_function', 'tcp_connect_17'][n % 3] ?? '')],
  ['a prefix', ({ probes }, n) => probes.countMatches('kprobe', `${['tcp', 'ext4', 'x', 'nf_'][n % 4] ?? ''}*`)],
  ['a wildcard', ({ probes }, n) => probes.countMatches('kprobe', `*${['read', 'sched', 'a*b*c', 'lock'][n % 4] ?? ''}*`)],
  ['completing a part', ({ probes }, n) => probes.complete('kprobe', [], ['v', 'tcp_', 'synth', ''][n % 4] ?? '', 200)],
  ['did you mean', ({ probes }, n) => probes.similar('kprobe', [['vfs_raed', 'tcp_conect', 'zzzz'][n % 3] ?? ''], 5)],
];

async function large(): Promise<void> {
  const record = synthesised(decodeRecord(await takeBundledKernel(KERNELS)), PROBES);
  const bytes = [record.btf, record.functions, record.formats, record.blacklist, record.features, ...record.moduleBtf.values()].reduce((sum, part) => sum + (part?.length ?? 0), 0);
  const memory = (): number => {
    globalThis.gc?.();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return heapUsed + Math.max(external, arrayBuffers);
  };
  const before = memory();
  let inventory: Inventory | undefined;
  const took = await timed(async () => {
    inventory = await openInventory(record, { source: 'target', label: 'synthetic' });
    // Counting needs all tables.
    if (inventory.probes.count < PROBES) throw new Error('probes are missing');
  });
  if (!inventory) return;
  console.log(`${PROBES} functions, ${inventory.probes.count} attach points: opened in ${ms(took)}; ${((memory() - before) / 1e6).toFixed(0)} MB beside ${(bytes / 1e6).toFixed(0)} MB as read`);
  for (const [what, ask] of QUESTIONS) {
    const times = Array.from({ length: 300 }, (_, n) => {
      const started = performance.now();
      if (inventory) ask(inventory, n);
      return performance.now() - started;
    });
    const { median, p95, most } = summarize(times.slice(20));
    console.log(`  ${what}: median ${ms(median)}, p95 ${ms(p95)}, at most ${ms(most)}`);
  }
}

const machines: Machine[] = [{ name: 'local', budget: { first: 2000, again: 500 } }];
const vm = process.env['KGENT_TEST_VM'];
if (vm) {
  const { host, port, key, knownHosts } = JSON.parse(vm) as { host: string; port: number; key: string; knownHosts: string };
  machines.push({ name: 'vm', spec: { destination: host, port, user: 'root', identity: key, knownHosts }, budget: { first: 20_000, again: 3000 } });
}
for (const machine of machines) await measure(machine);
await large();

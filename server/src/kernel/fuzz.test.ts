import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { sampleBtf } from '../../test/support/btf.ts';
import { damage, turnBits } from '../../test/support/damage.ts';
import { UserError } from '../base/error.ts';
import { compareNeeds } from './compare/compare.ts';
import type { Need } from './compare/need.ts';
import { printCType } from './ctype.ts';
import type { Inventory } from './inventory.ts';
import { openInventory } from './open.ts';
import { decodeRecord, encodeRecord } from './record.ts';
import { runAtOnce } from './turns.ts';
import { Btf } from './btf/btf.ts';
import { writeVmlinuxHeader } from './vmlinux-h/write.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const format = (event: string): string => `${event}/format:\tfield:thing_id_t id;\toffset:8;\tsize:4;\tsigned:1;\n`;
const whole = encodeRecord({
  release: '6.12.0',
  arch: 'x86_64',
  distribution: 'Debian',
  btf: sampleBtf().bytes(),
  moduleBtf: new Map(),
  functions: text(Array.from({ length: 40 }, (_, index) => `function_${index}${index % 3 === 0 ? ' [module]' : ''}\n`).join('')),
  blacklist: text('function_3\n'),
  formats: text(['sched/sched_switch', 'sched/sched_wakeup', 'net/netif_rx'].map(format).join('')),
});

const NEEDS: readonly Need[] = [
  { kind: 'attach-point', provider: 'kprobe', parts: ['function_1'] },
  { kind: 'attach-point', provider: 'tracepoint', parts: ['sched', '*'] },
  { kind: 'tracepoint-field', category: 'sched', event: '*', field: 'id' },
  { kind: 'field', of: 'struct', type: 'thing', path: ['comm'] },
  { kind: 'argument', function: 'do_thing', argument: 'path' },
  { kind: 'enumerator', name: 'RED' },
  { kind: 'type', tag: 'typedef', name: 'thing_id_t' },
  { kind: 'kfunc', name: 'do_thing' },
];

function ask(inventory: Inventory): number {
  const { probes } = inventory;
  const points = (['kprobe', 'fentry', 'tracepoint', 'rawtracepoint', 'iter'] as const).flatMap((provider) => [...probes.matches(provider, ['*'], 1000), ...probes.similar(provider, ['functoin_1'], 3), ...probes.complete(provider, [], 'f', 5)]);
  const thing = inventory.types.struct('thing');
  const answers = [...(thing?.fields() ?? []).map((field) => printCType(field.type())), inventory.func('do_thing'), inventory.tracepoint('sched', 'sched_switch'), inventory.helpers('kprobe'), inventory.kfuncs()];
  return probes.count + points.length + answers.length + compareNeeds(NEEDS, [inventory]).length;
}

it('the damaged file of an inventory gives what can be read, or a message', async () => {
  const ends = { read: 0, told: 0, longestMs: 0 };
  for (let seed = 0; seed < 5000; seed++) {
    const began = performance.now();
    try {
      expect(ask(await openInventory(decodeRecord(damage(whole, seed)), { source: 'target', label: 'damaged' }))).toBeGreaterThan(0);
      ends.read++;
    } catch (error) {
      if (!(error instanceof UserError)) throw new Error(`seed ${seed}`, { cause: error });
      ends.told++;
    }
    ends.longestMs = Math.max(ends.longestMs, performance.now() - began);
  }
  expect(Math.min(ends.read, ends.told)).toBeGreaterThan(500);
  expect(ends.longestMs).toBeLessThan(2000);
});
it("a whole kernel's types with bits turned over: read or told within their time, and no more memory than they had", () => {
  const { btf = new Uint8Array() } = decodeRecord(brotliDecompressSync(readFileSync('knowledge/kernels/debian-13.kernel.br')));
  const before = process.memoryUsage().rss;
  let written = 0;
  for (let seed = 0; seed < 12; seed++) {
    const began = performance.now();
    try {
      const damaged = new Btf(turnBits(btf, seed, 1 + (seed % 5)));
      expect(runAtOnce(writeVmlinuxHeader(damaged)).length).toBeLessThan(10 * btf.length);
      written++;
    } catch (error) {
      if (!(error instanceof UserError)) throw new Error(`seed ${seed}`, { cause: error });
    }
    expect(performance.now() - began).toBeLessThan(10_000);
  }
  expect(written).toBeGreaterThan(3);
  expect(process.memoryUsage().rss - before).toBeLessThan(1 << 29);
});

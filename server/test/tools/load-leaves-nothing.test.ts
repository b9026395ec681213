import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadObject } from '../../src/checks/load/object.ts';
import type { CheckResult } from '../../src/checks/pipeline.ts';
import type { Facts } from '../../src/kernel/facts.ts';
import { LocalTarget } from '../../src/target/local.ts';
import type { ExecRequest, Outcome, Target } from '../../src/target/target.ts';
import { bundled } from '../support/inventory.ts';
import { objectForBpf } from '../support/clang.ts';
import { factsOf } from '../support/local.ts';
import { eachOf } from '../support/verdict.ts';

const local = new LocalTarget();
let facts: Facts;

/** Names of their own: other tests load programs meanwhile. */
const HEAD = `#define SEC(name) __attribute__((section(name), used))
typedef unsigned long long u64;
static void *(*lookup)(void *map, const void *key) = (void *)1;
char LICENSE[] SEC("license") = "GPL";
struct { int (*type)[1]; int (*max_entries)[8]; unsigned *key; u64 *value; } kgn_map SEC(".maps");
struct { int (*type)[1]; int (*max_entries)[8]; int (*pinning)[1]; unsigned *key; u64 *value; } kgn_pinned SEC(".maps");
`;
const good = (name: string): string => `SEC("socket") int kgn_${name}(void *ctx) { unsigned k = 1; u64 *v = lookup(&kgn_map, &k), *w = lookup(&kgn_pinned, &k); return v && w ? *v + *w : 0; }\n`;
const bad = (name: string): string => `SEC("socket") int kgn_${name}(void *ctx) { unsigned k = 1; u64 *v = lookup(&kgn_map, &k); return *v; }\n`;
/** Takes the verifier about a second: there is time to be cancelled in. */
const slow = (name: string): string => `SEC("socket") int kgn_${name}(void *ctx) { unsigned k = 1; u64 *v = lookup(&kgn_map, &k); if (!v) return 0; u64 s = 0; for (unsigned i = 0; i < 60000; i++) { s += *(volatile u64 *)v; if (s == 7) s += i; } return s; }\n`;

const SOURCES = [good('one'), bad('one'), good('one') + good('two'), good('one') + bad('two') + good('three'), bad('one') + bad('two') + slow('three')];
let objects: readonly Uint8Array[];

beforeAll(async () => {
  facts = await factsOf(local);
  objects = SOURCES.map((source) => objectForBpf(HEAD + source, {}));
});

async function listed(): Promise<string> {
  const outcome = await local.exec({ argv: ['sh', '-c', 'bpftool prog list; bpftool map list'], timeoutMs: 20_000 });
  if (outcome.kind !== 'ran' || outcome.exitCode !== 0) throw new Error(JSON.stringify(outcome));
  return outcome.stdout.split('\n').filter((line) => line.includes('name kgn_')).join('\n');
}

/** The kernel lets go of maps a moment after their last program, when all processors have passed a quiet state. */
async function expectNothing(): Promise<void> {
  await expect.poll(listed, { timeout: 10_000, interval: 100 }).toBe('');
}

const pinned = (): string[] => readdirSync('/sys/fs/bpf').filter((name) => name.startsWith('kgn_') || name.startsWith('check'));

/** Checks an object; `watch` sees what its commands print. */
function check(object: Uint8Array, signal?: AbortSignal, watch?: (text: string) => void): Promise<CheckResult> {
  const exec = (request: ExecRequest): Promise<Outcome> => local.exec(watch ? { ...request, onStdout: watch } : request);
  const target: Target = { name: 'local', kind: 'local', exec, start: (request) => local.start(request), facts: () => local.facts(), dispose: () => local.dispose() };
  const program = { uri: 'file:///x.bpf.c', version: 1, text: '', language: 'c' } as const;
  return loadObject(object, program, 'bpftool', facts, { target, facts, timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled), signal });
}

describe('200 checks leave nothing in the kernel', () => {
  it('the lists would tell', async () => {
    const script = 'd=/sys/fs/bpf/kgn_seen; trap "rm -rf $d /sys/fs/bpf/kgn_pinned" EXIT; bpftool prog loadall x.o $d && bpftool prog list && bpftool map list';
    const outcome = await local.exec({ argv: ['sh', '-c', script], files: [{ name: 'x.o', content: objects[0] ?? '' }], timeoutMs: 20_000 });
    expect(outcome.kind === 'ran' && outcome.stdout.match(/name kgn_\w+/g)?.sort()).toEqual(['name kgn_map', 'name kgn_one', 'name kgn_pinned']);
  });
  it('accepted and rejected', { timeout: 60_000 }, async () => {
    const rejected = await eachOf(Array.from({ length: 120 }, (_, i) => i % 4), 4, async (i) => (await check(objects[i] ?? new Uint8Array())).findings.length);
    expect(rejected).toEqual(Array.from({ length: 120 }, (_, i) => [0, 1, 0, 1][i % 4]));
    await expectNothing();
    expect(pinned()).toEqual([]);
  });
  it('cancelled in the middle', { timeout: 60_000 }, async () => {
    const seen = await eachOf(Array.from({ length: 80 }, (_, i) => i), 4, async (i) => {
      const abort = new AbortController();
      let told = 0;
      // After as many programs as the number says; 0: as soon as the command is on its way.
      const after = i % 4;
      const checking = check(objects[4] ?? new Uint8Array(), abort.signal, (text) => {
        told += text.split('KGENT-LOAD-').length - 1;
        if (told >= after) abort.abort();
      });
      if (after === 0) abort.abort();
      return (await checking).skipped;
    });
    expect(new Set(seen)).toEqual(new Set(['Cancelled.']));
    await expectNothing();
    expect(pinned()).toEqual([]);
  });
});

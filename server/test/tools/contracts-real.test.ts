import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cTranslator } from '../../src/checks/contract/compile-c.ts';
import { Prover, type Translation } from '../../src/checks/contract/prover.ts';
import { Replayer } from '../../src/checks/contract/replay/replayer.ts';
import { ClangBuilder } from '../../src/checks/compile/clang/build.ts';
import { VmlinuxHeaders } from '../../src/checks/compile/clang/vmlinux.ts';
import { bits } from '../../src/contracts/ir/ir.ts';
import { RESULT, type RealRun, type Unknown } from '../../src/contracts/verdict.ts';
import type { Facts } from '../../src/kernel/facts.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { cParser } from '../support/bpfc.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf, silentLog } from '../support/local.ts';
import { eachOf } from '../support/verdict.ts';

/** The types these programs use; all of the kernel's would take a compiler ten times as long. */
const TYPES = `#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
typedef __u8 u8; typedef __u16 u16; typedef __u32 u32; typedef __u64 u64; typedef __s32 s32; typedef __s64 s64;
#undef ETH_P_8021Q
`;

class Types extends VmlinuxHeaders {
  override get(): ReturnType<VmlinuxHeaders['get']> {
    return Promise.resolve({ text: TYPES });
  }
}

type Translated = Extract<Translation, { kind: 'translated' }>;

const target = new LocalTarget();
const warned: string[] = [];
let facts: Facts;
let prover: Prover;

/** What is made of a translation before it is proved and run. */
let changed = (made: Translated): Translated => made;

beforeAll(async () => {
  facts = await factsOf(target);
  const types = new Types(mkdtempSync(join(tmpdir(), 'kgent-test-')));
  const builder = (): ClangBuilder => new ClangBuilder(target, types);
  const translate = cTranslator({ builder: builder(), parser: () => Promise.resolve(cParser) });
  prover = new Prover({
    translate: async (program, context) => {
      const made = await translate(program, context);
      return made.kind === 'translated' ? changed(made) : made;
    },
    seahorn: () => Promise.reject(new Error('nobody asks for it')),
    replayer: new Replayer({ builder: builder(), marked: builder(), log: { ...silentLog, warn: (message) => void warned.push(message) } }),
  });
});
afterAll(() => prover.dispose());

/** What came of each condition that was not proved. */
async function tried(name: string, text: string, known = facts): Promise<readonly { readonly property: string; readonly real?: RealRun | undefined; readonly reason?: Unknown['reason'] | undefined; readonly detail?: string | undefined; readonly held: readonly string[] }[]> {
  const proven = await prover.prove({ uri: `file:///${name}.bpf.c`, version: 1, text, language: 'c' }, { target, facts: known, timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled) }, { engine: 'z3', timeoutMs: 10_000, real: true });
  if (proven.kind === 'not') throw new Error(proven.reason);
  return proven.proofs.filter(({ verdict }) => verdict !== 'proved').map(({ property, counterexample, reason, detail }) => ({ property, real: counterexample?.real, reason, detail, held: counterexample?.events.flatMap(({ steps }) => steps.flatMap((step) => (step.name === 'kgr_left' ? [step.text] : []))) ?? [] }));
}

const ROOM = 'test-fixtures/contracts';
/** Programs of types that the kernel runs on made-up input. */
const RUNNABLE = /SEC\("(?:tc|xdp|cgroup_skb|sk_lookup)/;

function wrongPrograms(): readonly { readonly name: string; readonly text: string }[] {
  const folders = readdirSync(ROOM, { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap(({ name: kind }) => readdirSync(join(ROOM, kind)).map((name) => `${kind}/${name}`));
  return folders.map((name) => ({ name, file: join(ROOM, name, 'wrong.bpf.c') })).filter(({ file }) => existsSync(file)).map(({ name, file }) => ({ name, text: readFileSync(file, 'utf8') })).filter(({ text }) => RUNNABLE.test(text));
}

/** What no test run can make happen: packets that are too long or too short, a tag that is not in the packet, the time. */
const NOT_POSSIBLE: Readonly<Record<string, RegExp>> = {
  'aggregation/moving-average-c': /a packet of 14 to 3520 bytes/,
  'division/rate-c': /nobody can choose bpf_ktime_get_ns/,
  'ensures/verdict-of-short-frame-c': /has 14 to 3520 bytes/,
  'mask/vlan-number-c': /skb->vlan_\w+ is 0/,
  'truncation/packet-length-c': /a packet of 1 to 3506 bytes/,
  'underflow/token-bucket-c': /nobody can choose bpf_ktime_get_ns/,
};

it('the real programs do what refutes their conditions, wherever they can be led there', { timeout: 60_000 }, async () => {
  const seen = await eachOf(wrongPrograms(), 2, async ({ name, text }) => ({ name, found: await tried(name, text) }));
  const strange = seen.filter(({ name, found }) => found.length === 0 || found.some(({ real }) => (NOT_POSSIBLE[name] ? real?.outcome !== 'not-possible' || !NOT_POSSIBLE[name].test(real.says) : real?.outcome !== 'ran')));
  expect(strange).toEqual([]);
  expect(seen.flatMap(({ found }) => found).filter(({ real }) => real?.outcome === 'ran').length).toBeGreaterThanOrEqual(34);
  expect(warned).toEqual([]);
});

const HEAD = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\nchar LICENSE[] SEC("license") = "GPL";\n';
const PASSES = `${HEAD}SEC("tc")\nint kgr_f(struct __sk_buff *skb)\n{\n\t//@ assert skb->mark != 7\n\treturn skb->mark + 1;\n}\n`;

describe('what is told', () => {
  it('the result, by its name', async () => expect(await tried('passes', PASSES)).toMatchObject([{ real: { outcome: 'ran', says: 'the real program did the same on local: it returned 8' } }]));
  it('events that no test run can make are replaced by what they leave in maps', async () => {
    const text = `${HEAD}struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32); __type(value, __u64); } seen SEC(".maps");
SEC("tp/sched/sched_switch")\nint kgr_switch(void *ctx)\n{\n\t__u32 k = 3;\n\t__u64 v = 5;\n\tbpf_map_update_elem(&seen, &k, &v, BPF_ANY);\n\treturn 0;\n}
SEC("xdp")\nint kgr_x(struct xdp_md *ctx)\n{\n\t__u32 k = 3;\n\t__u64 *v = bpf_map_lookup_elem(&seen, &k);\n\tif (!v)\n\t\treturn XDP_PASS;\n\t//@ assert *v == 4\n\t*v += 1;\n\treturn XDP_DROP;\n}\n`;
    expect(await tried('preset', text)).toMatchObject([{ real: { outcome: 'ran', says: expect.stringMatching(/XDP_DROP, with maps as 1 event left them$/) as string } }]);
  });
  it('what a variable holds that is not 0 in the beginning', async () => {
    const text = `${HEAD}__u32 kgr_left = 5;\nSEC("xdp")\nint kgr_l(struct xdp_md *ctx)\n{\n\tkgr_left++;\n\t//@ assert kgr_left != 7\n\treturn XDP_PASS;\n}\n`;
    expect(await tried('left', text)).toMatchObject([{ held: ['6', '7'], real: { outcome: 'ran' } }]);
  });
  it('types of programs that the kernel does not run on made-up input', async () => {
    const text = `${HEAD}SEC("raw_tp/sched_switch")\nint kgr_r(struct bpf_raw_tracepoint_args *ctx)\n{\n\t//@ assert ctx->args[0] != 3\n\treturn 0;\n}\n`;
    expect(await tried('raw', text)).toMatchObject([{ real: { outcome: 'not-possible', says: expect.stringContaining('raw tracepoint') as string } }]);
  });
});

it('who may not load anything is told so', async () => {
  expect(await tried('no-root', PASSES, { ...facts, root: 'none' })).toMatchObject([{ real: { outcome: 'no-machine', says: 'the real program was not run: that needs root on local.' } }]);
});

it('nothing stays of what was run', async () => {
  const listed = async (): Promise<string> => {
    const outcome = await target.exec({ argv: ['sh', '-c', 'bpftool prog list; bpftool map list'], timeoutMs: 20_000 });
    return outcome.kind === 'ran' && outcome.exitCode === 0 ? outcome.stdout : 'name kgr_ cannot be listed';
  };
  expect((await tried('stays', PASSES)).map(({ real }) => real?.outcome)).toEqual(['ran']);
  // The kernel lets go of maps a moment after their last program.
  await expect.poll(async () => (await listed()).includes('name kgr_'), { timeout: 10_000, interval: 100 }).toBe(false);
});

describe('a real program that does otherwise leaves it unknown', () => {
  const disagreement = (says: string): unknown => [{ reason: 'disagreement', detail: expect.stringContaining(says) as string }];

  it('another result', async () => {
    changed = (made) => {
      const results = [...(made.translated.results ?? [])].map(([name, statements]) => [name, statements.map((one) => (one.kind === 'set' && one.name === RESULT ? { ...one, value: bits(2, 64) } : one))] as const);
      return { ...made, translated: { ...made.translated, results: new Map(results) } };
    };
    expect(await tried('result', PASSES)).toMatchObject(disagreement('it returned 8, and TC_ACT_SHOT was computed') as object);
    expect(warned.splice(0)).toEqual([expect.stringContaining('TC_ACT_SHOT')]);
  });
  it('a condition that holds there', async () => {
    changed = (made) => ({ ...made, ...(made.marked && { marked: { ...made.marked, text: made.marked.text.replace('!= 7', '== 7') } }) });
    expect(await tried('held', PASSES)).toMatchObject(disagreement('the condition held there') as object);
    expect(warned.splice(0)).toHaveLength(1);
  });
});

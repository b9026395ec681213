import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ClangBuilder } from '../../src/checks/compile/clang/build.ts';
import { VmlinuxHeaders } from '../../src/checks/compile/clang/vmlinux.ts';
import { cTranslator } from '../../src/checks/contract/compile-c.ts';
import { ownC } from '../../src/checks/contract/seahorn/own-c.ts';
import type { CheckContext } from '../../src/checks/pipeline.ts';
import { instrument } from '../../src/contracts/c/instrument.ts';
import { interpret } from '../../src/contracts/ir/interpret.ts';
import { truth } from '../../src/contracts/ir/ir.ts';
import { eventsOfHarness } from '../../src/contracts/seahorn/harness/events.ts';
import type { Harness, Prepared } from '../../src/contracts/seahorn/harness/prepare.ts';
import { printHarness, type HarnessFile } from '../../src/contracts/seahorn/harness/print.ts';
import type { Asserted } from '../../src/contracts/seahorn/scope.ts';
import { analyzeC } from '../../src/language/bpfc/analysis/analyze.ts';
import { parseC } from '../../src/language/bpfc/syntax/document.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { cParser } from '../support/bpfc.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf } from '../support/local.ts';
import { clangSaysOf, runDrawn, type DrawnRuns } from '../support/seahorn-c.ts';

/** One of each kind: packets, contexts, objects of the kernel, hashes, arrays, invariants, what a function leaves, events one after the other. */
const PAIRS = ['byte-order/xdp-drop-telnet', 'byte-order/connect-event-port', 'pairing/first-start-kept-c', 'invariants/ring-c', 'invariants/bytes-and-packets-c', 'ensures/tag-only-if-empty-c', 'null/transmit-device', 'address-families/short-copy-c', 'underflow/running-count-c', 'wrong-key/left-behind-c'];
const RUNS = 6000;

const target = new LocalTarget();
const root = join(import.meta.dirname, '../../../test-fixtures/contracts');
const headers = new VmlinuxHeaders(mkdtempSync(join(tmpdir(), 'kgent-test-')));
const parser = (): Promise<typeof cParser> => Promise.resolve(cParser);
let context: CheckContext;

beforeAll(async () => {
  context = { target, facts: await factsOf(target), timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled) };
});

const programOf = (text: string): { uri: string; version: number; text: string; language: 'c' } => ({ uri: 'kgent:x.bpf.c', version: 1, text, language: 'c' });
const own = ownC({ local: target, headers, parser });

function prepared(text: string): Promise<Prepared> {
  const analysis = analyzeC(parseC(cParser, text), { inventory: bundled });
  return own(programOf(text), instrument(analysis, { read: (macro) => cParser.parse(macro) }), context);
}

/** All that is asserted of a program, in all of its programs. */
function printed(harness: Harness): HarnessFile {
  const marks = harness.marks.flatMap((mark): Asserted[] => (mark.kind === 'assert' || mark.kind === 'written' ? [{ kind: 'assert', condition: truth(true), property: mark.property, span: mark.span }] : []));
  const invariants = harness.invariants.map(({ map, span }): Asserted => ({ map, condition: truth(true), property: 'contract', span }));
  return printHarness(harness, { asserted: [...marks, ...invariants], handlers: harness.programs.map(({ fn }) => fn.name), stateful: harness.maps.some(({ kind }) => kind !== 'output'), events: 5 });
}

async function fileOf(text: string): Promise<HarnessFile> {
  const made = await prepared(text);
  return made.kind === 'ready' ? printed(made.harness) : expect.fail(made.why);
}

const numbersIn = (text: string): bigint[] => [...text.matchAll(/\b(?:0x[0-9a-fA-F]+|[1-9]\d*)\b/g)].map(([number]) => BigInt(number));
const run = (files: readonly (readonly [HarnessFile, string])[], runs: number): readonly DrawnRuns[] =>
  runDrawn(files.map(([file, text]) => ({ text: file.text, constants: numbersIn(text), clocks: file.clocks.map(({ nd }) => nd), handlers: file.handlers.length, events: file.events })), runs, 7);

describe('BPF C as its own text for SeaHorn', () => {
  it('compiles without a warning; what is wrong breaks, what is right does not', async () => {
    const all = await Promise.all(PAIRS.flatMap((name) => (['wrong', 'right'] as const).map(async (which) => {
      const text = readFileSync(join(root, name, `${which}.bpf.c`), 'utf8');
      return { name, which, text, file: await fileOf(text), line: (JSON.parse(readFileSync(join(root, name, 'case.json'), 'utf8')) as { line: number }).line };
    })));
    expect(clangSaysOf(all.map(({ file }) => file.text))).toBe('');
    const answers = run(all.map(({ file, text }) => [file, text]), RUNS);
    const broken = all.map(({ name, which }, n) => `${name} ${which} ${[...(answers[n]?.violated.keys() ?? [])].join(' ')}`.trim());
    expect(broken.filter((said) => / right/.test(said))).toEqual(PAIRS.map((name) => `${name} right`));
    for (const [n, { name, which, line }] of all.entries()) if (which === 'wrong') expect([name, [...(answers[n]?.violated.keys() ?? [])]]).toEqual([name, expect.arrayContaining([line])]);
  });

  it('gives values with which the compiled program breaks as well', async () => {
    const translate = cTranslator({ builder: new ClangBuilder(target, headers), parser });
    for (const name of ['pairing/first-start-kept-c', 'byte-order/connect-event-port']) {
      const text = readFileSync(join(root, name, 'wrong.bpf.c'), 'utf8');
      const made = await translate(programOf(text), context);
      const file = await fileOf(text);
      const [answer] = run([[file, text]], 2000);
      if (made.kind === 'not' || !answer) return expect.fail(name);
      for (const [line, { values }] of answer.violated) {
        const { violations } = interpret(made.translated.program, eventsOfHarness(file, values, () => undefined));
        const starts = (file.lines.get(line) ?? []).map(({ span }) => span.start);
        expect([name, line, violations.some(({ span }) => starts.includes(span.start))]).toEqual([name, line, true]);
      }
      expect(answer.violated.size).toBeGreaterThan(0);
    }
  });

  it('says what it has no model for', async () => {
    const HEAD = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\nchar LICENSE[] SEC("license") = "GPL";\n';
    const why = async (text: string): Promise<string> => {
      const made = await prepared(HEAD + text);
      return made.kind === 'unsupported' ? made.why : 'ready';
    };
    expect(await why('SEC("tc")\nint f(struct __sk_buff *skb) { return bpf_skb_store_bytes(skb, 0, "x", 1, 0); }\n')).toBe('the helper bpf_skb_store_bytes has no model');
    expect(await why('struct { __uint(type, BPF_MAP_TYPE_LPM_TRIE); __uint(max_entries, 1); __type(key, __u64); __type(value, __u64); } routes SEC(".maps");\nSEC("tc")\nint f(struct __sk_buff *skb) { return 0; }\n')).toBe('the map routes (BPF_MAP_TYPE_LPM_TRIE) has no model');
    expect(await why('SEC("tc")\nint f(struct __sk_buff *skb) { asm volatile("r0 = 1"); return 0; }\n')).toBe('assembly has no model');
    expect(await why('SEC("raw_tp/sched_switch")\nint f(__u64 *ctx) { return 0; }\n')).toBe('the context __u64 * of f has no model');
  });
});

import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cTranslator } from '../../src/checks/contract/compile-c.ts';
import type { Translation } from '../../src/checks/contract/prover.ts';
import { ClangBuilder } from '../../src/checks/compile/clang/build.ts';
import { VmlinuxHeaders } from '../../src/checks/compile/clang/vmlinux.ts';
import { prove } from '../../src/contracts/prove/prove.ts';
import { Z3Solver } from '../../src/solver/z3.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { cParser } from '../support/bpfc.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf } from '../support/local.ts';

const target = new LocalTarget();
const solver = new Z3Solver();
let translate: (text: string) => Promise<Translation>;

beforeAll(async () => {
  const facts = await factsOf(target);
  const translator = cTranslator({ builder: new ClangBuilder(target, new VmlinuxHeaders(mkdtempSync(join(tmpdir(), 'kgent-test-')))), parser: () => Promise.resolve(cParser) });
  translate = (text) => translator({ uri: 'file:///x.bpf.c', version: 1, text, language: 'c' }, { target, facts, timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled) });
});
afterAll(() => solver.dispose());

/** `8 contract refuted`: lines from 1; of what is refuted, what it was read with. */
async function verdicts(text: string): Promise<string[]> {
  const made = await translate(text);
  if (made.kind === 'not') return [made.reason];
  const line = (at: number): number => text.slice(0, at).split('\n').length;
  const proved = await prove(made.translated, solver, { timeoutMs: 10_000, totalMs: 60_000 });
  return [...made.translated.unsupported.map(({ span, what }) => `${line(span.start)} ${what}`), ...proved.map(({ property, span, result }) => `${line(span.start)} ${property} ${result.kind}${result.kind === 'refuted' ? `: ${result.counterexample.events.map(({ handler, inputs }) => `${handler} ${inputs.map(({ name, text: value }) => `${name} = ${value}`).join(', ')}`).join('; ')}` : ''}`)];
}

const pair = (name: string, which: 'right' | 'wrong'): Promise<string[]> => verdicts(readFileSync(`test-fixtures/contracts/${name}/${which}.bpf.c`, 'utf8'));
const HEAD = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\n#include <bpf/bpf_core_read.h>\nchar LICENSE[] SEC("license") = "GPL";\n';
const program = (body: string, above = ''): string => `${HEAD}${above}SEC("tc")\nint f(struct __sk_buff *skb)\n{\n${body}\n\treturn 0;\n}\n`;

describe('BPF C by its instructions', () => {
  it.each([
    // Fields of the kernel, of packets, entries of maps, events one after the other.
    ['byte-order/connect-event-port', 21, 'contract'],
    ['invariants/bytes-and-packets-c', 16, 'contract'],
    ['underflow/running-count-c', 32, 'unsigned-underflow'],
    ['byte-order/port-in-macro-c', 11, 'network-order'],
    ['address-families/address-in-helper-c', 21, 'address-families'],
  ])('%s', async (name, at, property) => {
    expect(await pair(name, 'wrong')).toContainEqual(expect.stringMatching(new RegExp(`^${at} ${property} refuted`)));
    const right = await pair(name, 'right');
    expect(right.length).toBeGreaterThan(0);
    expect(right.filter((said) => !said.endsWith(' proved'))).toEqual([]);
  });
  it('names what is read as the source does', async () => {
    expect(await verdicts(program('\tstruct task_struct *t = (void *)bpf_get_current_task();\n\tint pid = BPF_CORE_READ(t, real_parent, tgid);\n\t//@ assert pid != 7 || skb->mark != 3'))).toEqual([expect.stringMatching(/^10 contract refuted: f .*tgid = 7, skb->mark = 3$/)]);
  });
  it('variables of the program outlive an event, loops and functions are followed', async () => {
    const above = '__u32 seen;\n__u32 begin = 5;\nstatic __noinline __u32 twice(__u32 x) { return 2 * x; }\n';
    const body = '\t__u32 sum = 0;\n\tfor (__u32 i = 0; i < 12; i++)\n\t\tsum += i & skb->mark;\n\tseen++;\n\t//@ assert sum <= 66\n\t//@ assert twice_of < 5\n';
    expect(await verdicts(program(body.replace('twice_of < 5', 'seen < 3').replace('\tseen++;', '\tseen++;\n\tskb->priority = twice(sum);\n\tif (begin < 5)\n\t\tseen = 9;'), above))).toEqual([expect.stringMatching(/^18 contract proved/), expect.stringMatching(/^19 contract refuted: f .*; f .*; f /)]);
  });
  it('what no event gets to is not proved', async () => expect(await verdicts(program('\tif (sizeof(long) == 4) {\n\t\t//@ assert skb->len > 0\n\t\tskb->mark = 1;\n\t}'))).toEqual(['9 contract unknown']));
  it('says what it cannot follow instead of a verdict', async () => {
    const said = await verdicts(program('\tif (bpf_skb_store_bytes(skb, 0, "x", 1, 0))\n\t\treturn 1;\n\t//@ assert skb->len > 0'));
    expect(said).toEqual([expect.stringMatching(/^8 bpf_skb_store_bytes\(\)$/), '10 contract unknown']);
  });
  it('a program that does not compile is told of as such', async () => expect(await verdicts(program('\treturn zz;'))).toEqual(['The program does not compile.']));
});

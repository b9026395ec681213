import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mutate, randomly } from '../../../test/support/mutate.ts';
import { explainText } from './explain.ts';

// Kernel 6.18, level 1, without any loader's words.
const PLAIN = `0: R1=ctx() R10=fp0
; __u64 *v = bpf_map_lookup_elem(&counts, &key); @ count.bpf.c:8
4: (18) r1 = 0xffff88819aae3800       ; R1=map_ptr(map=counts,ks=4,vs=8)
6: (85) call bpf_map_lookup_elem#1    ; R0=map_value_or_null(id=1,map=counts,ks=4,vs=8)
; *v += 1; @ count.bpf.c:9
7: (79) r1 = *(u64 *)(r0 +0)
R0 invalid mem access 'map_value_or_null'
processed 7 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;
// Kernel 5.10: states of old spelling at branches only, no lines of the file.
const OLD = `0: (61) r2 = *(u32 *)(r1 +4)
; void *data = (void *)(long)ctx->data;
1: (61) r1 = *(u32 *)(r1 +0)
; if (data + 14 > data_end)
2: (bf) r3 = r1
3: (07) r3 += 14
4: (2d) if r3 > r2 goto pc+3
 R1_w=pkt(id=0,off=0,r=14,imm=0) R2_w=pkt_end(id=0,off=0,imm=0) R3_w=pkt(id=0,off=14,r=14,imm=0) R10=fp0
; return ip->protocol;
5: (71) r0 = *(u8 *)(r1 +23)
invalid access to packet, off=23 size=1, R1(id=0,off=23,r=14)
R1 offset is outside of the packet
processed 6 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;
const LIBBPF = (name: string, log: string): string => `libbpf: prog '${name}': BPF program load failed: Permission denied\nlibbpf: prog '${name}': -- BEGIN PROG LOAD LOG --\n${log}-- END PROG LOAD LOG --\nlibbpf: prog '${name}': failed to load: -13\n`;

const briefly = (text: string, source?: string): string[] => explainText(text, source === undefined ? {} : { source }).map((e) => `${e.program ?? '-'} ${e.class} ${e.cause.line ?? '?'} ${e.rejected.line ?? '?'}`);

describe('wrappings', () => {
  it.each([
    ['plain', PLAIN, '-'],
    ['libbpf and bpftool', LIBBPF('count', PLAIN), 'count'],
    ['libbpf before 0.7', `libbpf: load bpf program failed: Permission denied\nlibbpf: -- BEGIN DUMP LOG ---\nlibbpf: \n${PLAIN}\nlibbpf: -- END LOG --\n`, '-'],
    ['bpftrace 0.27 -v', `Kernel error log:\n${PLAIN}\nERROR: Error loading BPF program for kprobe_f_1.\n`, 'kprobe_f_1'],
    ['bpftrace 0.17 -v', `Error log: \n${PLAIN}\nERROR: Error loading program: kprobe:f\n`, 'kprobe:f'],
    ['cilium/ebpf', `2026/11/22 load: field Count: program count: load program: permission denied:\n${PLAIN.replaceAll(/^/gm, '\t')}`, 'count'],
    ['aya', `Error: the BPF_PROG_LOAD syscall returned Permission denied (os error 13). Verifier output: ${PLAIN}\nCaused by:\n    Permission denied (os error 13)\n`, '-'],
    ['dmesg', PLAIN.replaceAll(/^(?=.)/gm, '[   12.345678] BPF: '), '-'],
    ['one line with \\n', PLAIN.replaceAll('\n', '\\n'), '-'],
    ['CRLF', PLAIN.replaceAll('\n', '\r\n'), '-'],
  ])('%s', (_, text, program) => expect(briefly(text)).toEqual([`${program} null-check 8 9`]));

  it('several programs', () => expect(briefly(LIBBPF('a', PLAIN) + LIBBPF('b', PLAIN.replaceAll(':9', ':19')))).toEqual(['a null-check 8 9', 'b null-check 8 19']));
  it("cilium's short form keeps the verifier's words", () => expect(explainText("load program: permission denied: R0 invalid mem access 'map_value_or_null' (12 line(s) omitted)\n")[0]).toMatchObject({ class: 'null-check' }));
  it('an accepted program is no rejection', () => expect(briefly(LIBBPF('ok', '0: R1=ctx() R10=fp0\n0: (b7) r0 = 0                        ; R0=0\n1: (95) exit\nprocessed 2 insns (limit 1000000)\n'))).toEqual([]));
  it('a log whose end is cut off says so', () => expect(explainText(LIBBPF('cut', PLAIN.slice(0, PLAIN.indexOf('R0 invalid'))))[0]).toMatchObject({ class: 'unknown', message: expect.stringContaining('larger log buffer') as string }));
});

describe('older logs', () => {
  const source = 'int f(struct xdp_md *ctx)\n{\n\tvoid *data = (void *)(long)ctx->data;\n\tif (data + 14 > data_end)\n\t\treturn 0;\n\treturn ip->protocol;\n}\n';
  it('lines are found by their texts', () => expect(briefly(OLD, source)).toEqual(['- packet-bounds 4 6']));
  it('without source the text still tells the place', () => expect(explainText(OLD)[0]).toMatchObject({ class: 'packet-bounds', cause: { text: 'if (data + 14 > data_end)' } }));
});

describe('branches', () => {
  // Level 2: the path to the rejection goes through `from 3 to 5`, not through the lines printed between.
  const log = `0: R1=ctx() R10=fp0
; p = first(ctx); @ b.c:4
0: (85) call bpf_map_lookup_elem#1    ; R0_w=map_value_or_null(id=1,map=a,ks=4,vs=8)
1: (bf) r6 = r0                       ; R0_w=map_value_or_null(id=1,map=a,ks=4,vs=8) R6_w=map_value_or_null(id=1,map=a,ks=4,vs=8)
; if (n) @ b.c:5
2: (85) call bpf_get_prandom_u32#7    ; R0_w=scalar()
3: (15) if r0 == 0x0 goto pc+1        ; R0_w=scalar(umin=1)
; p = second(ctx); @ b.c:6
4: (bf) r6 = r7                       ; R6_w=map_value(map=b,ks=4,vs=8)
; *p = 1; @ b.c:7
5: (7a) *(u64 *)(r6 +0) = 1           ; R6_w=map_value(map=b,ks=4,vs=8)
6: (95) exit

from 3 to 5: R0_w=0 R6_w=map_value_or_null(id=1,map=a,ks=4,vs=8) R10=fp0
; *p = 1; @ b.c:7
5: (7a) *(u64 *)(r6 +0) = 1
R6 invalid mem access 'map_value_or_null'
processed 9 insns
`;
  it('the value comes from where its own path made it', () => expect(briefly(log)).toEqual(['- null-check 4 7']));
});

it('the report of Linux 7.x', () => {
  const text = `Verification failed: possible NULL pointer dereference\nReason: R0 may be NULL\nAt: count.bpf.c:9\nCausal path:\n  count.bpf.c:8: bpf_map_lookup_elem() returns a pointer or NULL\n  count.bpf.c:9: the pointer is read\nSuggestion: check the pointer\nprocessed 7 insns\n`;
  expect(explainText(text)[0]).toMatchObject({ class: 'null-check', cause: { line: 8 }, rejected: { line: 9 }, message: 'Possible NULL pointer dereference. R0 may be NULL. check the pointer.'.replace('Possible', 'possible') });
});

describe('failures without a log', () => {
  it.each([
    ["libbpf: prog 'f': failed to find kernel BTF type ID of 'no_such_function': -3\n", 'attach-target'],
    ["libbpf: prog 'f': missing BPF prog type, check ELF section name 'foo'\n", 'attach-target'],
    ["libbpf: map 'counts': failed to create: Invalid argument(-22)\n", 'map-setup'],
    ["libbpf: extern 'CONFIG_TURTLES' (strong): not resolved\n", 'map-setup'],
    ['libbpf: Error loading vmlinux BTF: -3\n', 'btf'],
    ["libbpf: prog 'f': BPF program load failed: Operation not permitted\n", 'privileges'],
    ["libbpf: prog 'f': relo #0: no matching targets found\n", 'core-relocation'],
    ["libbpf: prog 'f': BPF program load failed: Argument list too long\n", 'too-complex'],
  ])('%s', (text, expected) => expect(explainText(text).map((e) => e.class)).toEqual([expected]));
  it('a loader that is content', () => expect(explainText("libbpf: map 'm': created successfully, fd=4\nlibbpf: loading kernel BTF '/sys/kernel/btf/vmlinux': 0\n")).toEqual([]));
});

it('10,000 mutated logs never throw', () => {
  const root = 'test-fixtures/verifier';
  const recorded = readdirSync(root, { withFileTypes: true })
    .filter((kind) => kind.isDirectory())
    .flatMap((kind) => readdirSync(`${root}/${kind.name}`).slice(0, 2).flatMap((name) => readdirSync(`${root}/${kind.name}/${name}/logs`).map((log) => readFileSync(`${root}/${kind.name}/${name}/logs/${log}`, 'utf8'))));
  const logs = [PLAIN, OLD, LIBBPF('a', PLAIN), ...recorded.filter((log) => log.length < 6000)];
  const random = randomly(6);
  let explained = 0;
  for (let i = 0; i < 10_000; i++) {
    const log = logs[i % logs.length] ?? PLAIN;
    explained += explainText(mutate(log, random), i % 3 === 0 ? { source: mutate(OLD, random) } : {}).length;
  }
  // Most keep enough of their words to be explained.
  expect(explained).toBeGreaterThan(5000);
}, 120_000);

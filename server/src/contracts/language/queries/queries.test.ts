import { describe, expect, it } from 'vitest';
import { analyzed, edited } from '../../../../test/support/analyzed.ts';
import { parseBpfC } from '../../../../test/support/bpfc.ts';
import { bundled } from '../../../../test/support/inventory.ts';
import { marked, texts } from '../../../../test/support/marked.ts';
import { analyzeC } from '../../../language/bpfc/analysis/analyze.ts';
import type { Completion } from '../../../language/bpftrace/queries/complete/completion.ts';
import type { Described } from '../../../language/bpftrace/queries/described.ts';
import type { Hover } from '../../../language/bpftrace/queries/hover/hover.ts';
import { bpftraceContracts } from '../check/bpftrace.ts';
import { cContracts } from '../check/c.ts';
import { completeContract } from './complete-bpftrace.ts';
import { completeContractC } from './complete-c.ts';
import { contractHighlights } from './highlight.ts';
import { hoverContractC } from './hover-c.ts';
import { hoverContract } from './hover.ts';
import { checkedBoundName, nameAt, occurrencesOf } from './names.ts';

const IN_PROBE = (clause: string): string => `#define LIMIT 5\nkprobe:tcp_connect {\n$sk = (struct sock *)arg0;\n@start[tid] = nsecs;\n//@ ${clause}\n$later = 1; print($later); }`;
const IN_C = (clause: string): string => `#include "vmlinux.h"\nstruct {\n\t__uint(type, BPF_MAP_TYPE_HASH);\n\t__type(key, u32);\n\t__type(value, u64);\n} starts SEC(".maps");\n#define LIMIT 5\nSEC("fentry/tcp_connect")\nint BPF_PROG(connect, struct sock *sk)\n{\n\tu32 pid = 1;\n\t//@ ${clause}\n\tint later = pid;\n\treturn later;\n}\n`;

function complete(source: string): readonly Completion[] {
  const { analysis, cursor } = analyzed(source);
  return completeContract(analysis, bpftraceContracts(analysis), cursor)?.items ?? [];
}
function completeC(source: string): readonly Completion[] {
  const { text, cursor } = marked(source);
  const analysis = analyzeC(parseBpfC(text), { inventory: bundled });
  return completeContractC(analysis, cContracts(analysis), cursor)?.items ?? [];
}
const labels = (items: readonly Completion[]): string[] => items.map(({ label }) => label);

describe('completion in bpftrace', () => {
  it('of keywords, those that fit first', () => {
    const items = complete(IN_PROBE('ass‸'));
    expect(labels(items.filter(({ rank }) => rank === 0))).toEqual(['assume', 'assert']);
    expect(labels(complete('//@ ‸\nkprobe:f { }').filter(({ rank }) => rank === 0))).toEqual(['requires', 'ensures', 'invariant']);
    expect(labels(complete(IN_PROBE('assert 1\n//@ ass‸')))).toContain('assert');
  });
  it('of values', () => {
    const found = labels(complete(IN_PROBE('assert ‸')));
    expect(found).toEqual(expect.arrayContaining(['$sk', '@start', 'LIMIT', 'pid', 'ntohs', 'present', 'family', 'forall', 'strncmp', 'AF_INET']));
    for (const wrong of ['$later', 'printf', 'old', 'if', 'count']) expect(found).not.toContain(wrong);
    expect(labels(complete('//@ ensures ‸\nkprobe:f { $x = 1; }'))).toEqual(expect.arrayContaining(['old', '$x', 'arg0']));
    expect(labels(complete('//@ requires ‸\ntracepoint:syscalls:sys_enter_close { $x = 1; }'))).not.toContain('arg0');
  });
  it('of keys and bound names', () => {
    expect(labels(complete('//@ invariant @s[key] : forall i in 0..3 : ‸\nkprobe:f { @s[tid] = 1; $x = 1; }'))).toEqual(expect.arrayContaining(['key', 'i', '@s', 'old']));
    expect(labels(complete('//@ invariant @s[key] : ‸\nkprobe:f { @s[tid] = 1; $x = 1; }'))).not.toContain('pid');
  });
  it('of sigils', () => {
    expect(labels(complete(IN_PROBE('assert $‸ == 1')))).toEqual(expect.arrayContaining(['$sk']));
    expect(labels(complete(IN_PROBE('assert @s‸')))).toEqual(['@start']);
  });
  it('of fields, tags and enumerators', () => {
    expect(labels(complete(IN_PROBE('assert $sk->__sk_common.skc_dp‸ == 1')))).toContain('skc_dport');
    expect(labels(complete('//@ requires args.‸\ntracepoint:syscalls:sys_enter_close { }'))).toEqual(['__syscall_nr', 'fd']);
    expect(labels(complete(IN_PROBE('assert forall s in enum bpf_map_t‸')))).toContain('bpf_map_type');
    expect(labels(complete(IN_PROBE('assert 1 == TCP_LIS‸')))).toContain('TCP_LISTEN');
  });
  it('not in texts, remarks and other comments', () => {
    expect(complete(IN_PROBE('assert comm == "a‸b"'))).toEqual([]);
    expect(complete(IN_PROBE('assert 1 // wh‸'))).toEqual([]);
    expect(complete('// pi‸d\nkprobe:f { }')).toEqual([]);
  });
});

describe('completion in C', () => {
  it('of values', () => {
    const found = labels(completeC(IN_C('assert ‸')));
    expect(found).toEqual(expect.arrayContaining(['sk', 'pid', 'starts', 'LIMIT', 'present', 'bpf_ntohs', 'AF_INET6']));
    for (const wrong of ['later', 'retval', 'old']) expect(found).not.toContain(wrong);
  });
  it('of fields, with the right operator', () => {
    const items = completeC(IN_C('assert sk.‸'));
    expect(items.find(({ label }) => label === '__sk_common')).toMatchObject({ newText: '->__sk_common', filter: '.__sk_common' });
    expect(labels(completeC(IN_C('assert sk->__sk_common.‸')))).toContain('skc_dport');
  });
});

const DESCRIBED: Described = { card: (id) => (id === 'struct sock.__sk_common.skc_dport' ? { meaning: 'Port of the peer.', details: ['Network order.'] } : undefined), argument: () => undefined };

function hover(source: string): Hover & { readonly on: string } {
  const { analysis, cursor, text } = analyzed(source);
  const found = hoverContract(analysis, bpftraceContracts(analysis), cursor, DESCRIBED);
  if (!found) throw new Error(`nothing is told of ${source}`);
  return { ...found, on: text.slice(found.span.start, found.span.end) };
}

function hoverC(source: string): Hover & { readonly on: string } {
  const { text, cursor } = marked(source);
  const analysis = analyzeC(parseBpfC(text), { inventory: bundled });
  const found = hoverContractC(analysis, cContracts(analysis), cursor, DESCRIBED);
  if (!found) throw new Error(`nothing is told of ${source}`);
  return { ...found, on: text.slice(found.span.start, found.span.end) };
}

describe('hover', () => {
  it.each<[source: string, on: string, code: string]>([
    [IN_PROBE('ass‸ert 1'), 'assert', '//@ assert CONDITION'],
    [IN_PROBE('assert nto‸hs($sk->__sk_common.skc_dport) == 1'), 'ntohs', 'ntohs(x) : uint16'],
    [IN_PROBE('assert $s‸k != 0'), '$sk', '$sk : struct sock *'],
    [IN_PROBE('assert @sta‸rt[tid] > 0'), '@start', '@start[uint32] → uint64'],
    [IN_PROBE('assert @start[ti‸d] > 0'), 'tid', 'tid : uint32'],
    [IN_PROBE('assert $sk->__sk_common.skc_dp‸ort > 0'), 'skc_dport', '__be16 skc_dport;'],
    [IN_PROBE('assert 1 == TCP_LIS‸TEN'), 'TCP_LISTEN', 'TCP_LISTEN = 10'],
    [IN_PROBE('assert 1 == AF_I‸NET'), 'AF_INET', 'AF_INET = 2'],
    [IN_PROBE('assert for‸all i in 0..2 : i > 0'), 'forall', 'forall x in … : CONDITION'],
    [IN_PROBE('assert forall i in 0..2 : ‸i > 0'), 'i', 'i : uint64'],
    ['//@ invariant @‸s[k] : k > 0\nkprobe:f { @s[tid] = nsecs; }', '@s', '@s[uint32] → uint64'],
    ['//@ invariant @s[k] : ‸k > 0\nkprobe:f { @s[tid] = 1; }', 'k', 'k : uint32'],
  ])('%s', (source, on, code) => expect(hover(source)).toMatchObject({ on, code }));

  it.each<[source: string, on: string, code: string]>([
    [IN_C('assert s‸k != 0'), 'sk', 'sk : struct sock *'],
    [IN_C('assert sk->__sk_common.skc_dp‸ort == 1'), 'skc_dport', '__be16 skc_dport;'],
    [IN_C('assert LIM‸IT == 1'), 'LIMIT', 'LIMIT = 5'],
    [IN_C('assert fam‸ily(sk) == 1'), 'family', 'family(sk) : uint16'],
  ])('in C %s', (source, on, code) => expect(hoverC(source)).toMatchObject({ on, code }));
});

it('tells what the knowledge base says of a field', () => {
  expect(hover(IN_PROBE('assert $sk->__sk_common.skc_dp‸ort > 0')).notes).toContain('Port of the peer.');
  expect(hoverC(IN_C('assert sk->__sk_common.skc_dp‸ort > 0')).notes).toContain('Network order.');
});

describe('names', () => {
  it('of the program are found in its contracts', () => {
    const source = '//@ invariant «@start»[k] : old(«@start»[k]) <= «@start»[k]\nkprobe:f {\n@start[tid] = nsecs;\n//@ assert present(«@sta‸rt»[tid])\n}';
    const { analysis, text, spans, cursor } = analyzed(source);
    const clauses = bpftraceContracts(analysis);
    const name = nameAt(clauses, cursor, analysis.symbols.all);
    expect(name?.name).toBe('@start');
    expect(name && occurrencesOf(clauses, name.of).map(({ span }) => span)).toEqual(spans);
    const sym = analysis.symbols.all.find(({ kind }) => kind === 'map');
    expect(sym && texts(text, occurrencesOf(clauses, { kind: 'symbol', sym }).map(({ span }) => span))).toEqual(['@start', '@start', '@start', '@start']);
  });
  it('of members, types and enumerators too', () => {
    const { analysis, text } = analyzed('struct s { int field; };\nenum e { ONE };\nkprobe:f {\n$x = (struct s *)arg0;\n//@ assert ((struct s *)arg1)->field == ONE && $x->field > 0 && (exists i in enum e : i == ONE)\nprint($x->field); }');
    const clauses = bpftraceContracts(analysis);
    expect(clauses.flatMap((c) => c.problems)).toEqual([]);
    const named = (kind: string): string[] => {
      const sym = analysis.symbols.all.find((s) => s.kind === kind);
      return sym ? texts(text, occurrencesOf(clauses, { kind: 'symbol', sym }).map(({ span }) => span)) : [];
    };
    expect([named('member'), named('struct'), named('enum'), named('enum-member')]).toEqual([['field', 'field'], ['s'], ['e'], ['ONE', 'ONE']]);
  });
  it('of a contract itself are renamed in it', () => {
    const { analysis, text, cursor } = analyzed('//@ invariant @s[k] : ‸k > 0 && forall i in 0..2 : i < k\n//@ invariant @s[k] : k < 5\nkprobe:f { @s[tid] = 1; }');
    const clauses = bpftraceContracts(analysis);
    const name = nameAt(clauses, cursor);
    const spans = name ? occurrencesOf(clauses, name.of).map(({ span }) => span) : [];
    expect(edited(text, spans.map((span) => ({ span, newText: 'key' })))).toContain('//@ invariant @s[key] : key > 0 && forall i in 0..2 : i < key\n//@ invariant @s[k] : k < 5');
    expect(name && checkedBoundName(clauses, name, 'key')).toBe('key');
    expect(() => name && checkedBoundName(clauses, name, 'i')).toThrow(/names something else i already/);
    expect(() => name && checkedBoundName(clauses, name, '$x')).toThrow(/is no name/);
  });
  it('of C are found by where they are declared', () => {
    const { text, cursor } = marked(IN_C('assert p‸id == 1 && starts[pid] > 0'));
    const analysis = analyzeC(parseBpfC(text), { inventory: bundled });
    const clauses = cContracts(analysis);
    const name = nameAt(clauses, cursor);
    expect(name?.of.kind === 'c' && text.slice(name.of.declaration.start - 4, name.of.declaration.end)).toBe('u32 pid');
    expect(name && occurrencesOf(clauses, name.of)).toHaveLength(2);
  });
});

describe('highlighting', () => {
  it('says what each part is', () => {
    const { analysis, text } = analyzed(IN_PROBE('assert forall i in 0..3 : ntohs($sk->__sk_common.skc_dport) > i ==> pid == TCP_LISTEN || comm == "x" // why'));
    const found = contractHighlights(bpftraceContracts(analysis), text).map(({ start, end, role }) => `${text.slice(start, end)} ${role}`);
    expect(found).toEqual([
      'assert keyword', 'forall keyword', 'i parameter', 'in keyword', '0 number', '.. operator', '3 number', ': operator', 'ntohs function', '$sk variable', '-> operator', '__sk_common property', '. operator', 'skc_dport property',
      '> operator', 'i parameter', '==> operator', 'pid variable', '== operator', 'TCP_LISTEN enumMember', '|| operator', 'comm variable', '== operator', '"x" string',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { analyzed, OLDEST } from '../../../../test/support/analyzed.ts';
import type { Version } from '../../../base/version.ts';
import { describeType } from '../../../language/bpftrace/analysis/types.ts';
import type { Problem } from '../../../language/bpftrace/problem.ts';
import { everyExpr } from '../ast.ts';
import { bpftraceContracts, type BtClause } from './bpftrace.ts';

const check = (source: string, version?: Version): readonly BtClause[] => bpftraceContracts(analyzed(source, version).analysis);
const problems = (source: string, version?: Version): readonly Problem[] => check(source, version).flatMap((c) => c.problems);

/** The types of all expressions of the first clause, by their text. */
function types(source: string, version?: Version): Record<string, string> {
  const { text } = analyzed(source);
  const [clause] = check(source, version);
  return Object.fromEntries(everyExpr(clause?.clause.expr ?? { kind: 'missing', start: 0, end: 0 }).map((e) => [text.slice(e.start, e.end), describeType(clause?.typeOf(e) ?? { kind: 'none' })]));
}

const CONNECT = (clause: string): string => `kprobe:tcp_connect {\n$sk = (struct sock *)arg0;\n$dport = $sk->__sk_common.skc_dport;\n@start[tid] = nsecs;\n@by[pid, comm] = count();\n//@ ${clause}\n}`;

describe('what is right', () => {
  it.each([
    'assume $sk != 0',
    'assert $dport == bswap($sk->__sk_common.skc_dport)',
    'assert ntohs($sk->__sk_common.skc_dport) < 1024 ==> uid == 0',
    'assert family($sk) == AF_INET || family($sk) == AF_INET6',
    'assert present(@start[tid]) && @start[tid] <= nsecs',
    'assert @by[pid, comm] >= 1',
    'assert forall s in enum bpf_map_type : s >= BPF_MAP_TYPE_UNSPEC',
    'assert exists i in 0..4 : $sk->__sk_common.skc_v6_daddr.in6_u.u6_addr8[i] != 0',
    'assert comm == "curl" && strncmp(comm, "cu", 2) == 0',
    'assert readable($sk, sizeof(struct sock)) && held($sk)',
    'assert $sk->__sk_common.skc_state == TCP_SYN_SENT ? $dport > 0 : !$sk',
    'assert (uint32)$dport == 80 && (uint8)$dport < 0xff',
    'assert nsecs - @start[tid] < 1ms',
    'assert curtask->pid == tid',
  ])('%s', (clause) => expect(problems(CONNECT(clause))).toEqual([]));

  it.each<[string]>([
    ['//@ requires arg0 != 0\n//@ ensures old(@n[tid]) <= @n[tid] && $x > 0\nkprobe:vfs_read { $x = 1; @n[tid]++ }'],
    ['//@ ensures retval >= -4095 && retval < 0\nkretprobe:vfs_read { print(retval) }'],
    ['//@ requires args.fd >= 0\ntracepoint:syscalls:sys_enter_close { print(args.fd) }'],
    ['//@ invariant @s[k] : @s[k] > 0 && k != 0\nkprobe:f { @s[tid] = nsecs }'],
    ['//@ invariant @s[k1, k2] : k1 >= 0 && k2 != "x" && old(@s[k1, k2]) <= @s[k1, k2]\nkprobe:f { @s[pid, comm]++ }'],
    ['//@ invariant @n : @n >= LEAST\n#define LEAST 0\nkprobe:f { @n++ }'],
    ['enum color { RED, GREEN };\n//@ invariant @n : exists c in enum color : @n == c\nkprobe:f { @n = GREEN }'],
    ['fentry:tcp_connect {\n//@ assert family(args.sk) == AF_INET\n$x = args.sk;\n//@ assert $x != NULL && ntohs($x->__sk_common.skc_dport) != 0\nprint($x) }'],
  ])('%s', (source) => expect(problems(source)).toEqual([]));

  it('is right for old versions too', () => {
    expect(problems(CONNECT('assert $dport == bswap($sk->__sk_common.skc_dport) && present(@start[tid])'), OLDEST)).toEqual([]);
    expect(problems('tracepoint:syscalls:sys_enter_close {\n//@ assert args->fd >= 0\nprint(args->fd); }', OLDEST)).toEqual([]);
  });
});

describe('what is wrong', () => {
  it.each<[clause: string, on: string, code: string, message: RegExp]>([
    ['assert $dprt == 1', '$dprt', 'undefined-variable', /Did you mean \$dport\?/],
    ['assert @strt[tid] > 0', '@strt', 'undefined-map', /Did you mean @start\?/],
    ['assert @start[tid, 1] > 0', '@start[tid, 1]', 'map-key-mismatch', /The key of @start is an integer; here it is \(an integer, an integer\)/],
    ['assert @start > 0', '@start', 'map-key-mismatch', /has keys/],
    ['assert @by[comm, pid] > 0', '@by[comm, pid]', 'map-key-mismatch', /The key of @by/],
    ['assert $sk->skc_dport == 1', 'skc_dport', 'unknown-field', /has no field skc_dport/],
    ['assert pidd == 1', 'pidd', 'unknown-identifier', /Did you mean/],
    ['assert comm == 1', 'comm == 1', 'type-mismatch', /cannot be compared/],
    ['assert comm', 'comm', 'type-mismatch', /A condition is true or false.*Compare it with something/],
    ['assert $dport && comm', 'comm', 'type-mismatch', /A condition is true or false/],
    ['assert old($dport) == 1', 'old', 'misplaced', /in ensures or invariant only/],
    ['assert present($dport)', '$dport', 'wrong-arguments', /asks for an entry of a map: present\(@map\[key\]\)/],
    ['assert ntohs(comm) == 1', 'comm', 'wrong-arguments', /needs an integer; this is a string/],
    ['assert family($dport) == AF_INET', '$dport', 'wrong-arguments', /needs a socket/],
    ['assert ntohs($dport, 1) == 1', 'ntohs($dport, 1)', 'wrong-arguments', /takes 1 argument, not 2: ntohs\(x\)/],
    ['assert nthos($dport) == 1', 'nthos', 'unknown-function', /Did you mean ntohs\?/],
    ['assert printf("x") == 1', 'printf', 'impure-call', /only says what holds/],
    ['assert retval == 0', 'retval', 'misplaced', /use kretprobe/],
    ['assert forall i in 0..$dport : true', '$dport', 'contract-range', /must be constants/],
    ['assert forall i in 0..100000 : true', '0..100000', 'contract-range', /up to 4096/],
    ['assert forall i in 4..4 : true', '4..4', 'contract-range', /nothing between/],
    ['assert forall s in enum tcp_stat : true', 'tcp_stat', 'unknown-type', /There is no type enum tcp_stat/],
    ['assert ((struct sok *)arg0)->x == 1', 'sok', 'unknown-type', /There is no type struct sok/],
    ['assert $dport / 0 == 1 && 1 / 0 == 1', '1 / 0', 'constant-expression', /divides by zero/],
    ['requires $dport == 1', 'requires', 'misplaced-contract', /directly above the probe/],
    ['assert $dport ==', '', 'contract-syntax', /value is missing/],
  ])('%s', (clause, on, code, message) => {
    const source = CONNECT(clause);
    const found = problems(source);
    expect(found.map((p) => [p.code, source.slice(p.span.start, p.span.end)])).toEqual([[code, on]]);
    expect(found[0]?.message).toMatch(message);
  });

  it.each<[source: string, on: string, message: RegExp]>([
    ['//@ requires $x > 0\nkprobe:f { $x = 1; print($x) }', '$x', /no variable has one when the probe is entered/],
    ['//@ ensures old($x) > 0\nkprobe:f { $x = 1; print($x) }', '$x', /has no value yet when the probe is entered/],
    ['//@ ensures old(old(arg0)) > 0\nkprobe:f { }', 'old', /inside of old/],
    ['//@ invariant @n[k] : @n[k] > 0\nkprobe:f { @n++ }', '@n', /@n has no key: write invariant @n : …/],
    ['//@ invariant @n : 1\nkprobe:f { @n[pid, tid]++ }', '@n', /has 2 keys: write invariant @n\[k1, k2\] : …/],
    ['//@ invariant @m[k] : 1\nkprobe:f { @mm[pid]++ }', '@m', /no map @m. Did you mean @mm\?/],
    ['//@ invariant @n : @n <= nsecs\nkprobe:f { @n = nsecs }', 'nsecs', /belongs to a probe/],
    ['//@ invariant @n : @n <= $x\nkprobe:f { @n = nsecs; $x = 1; print($x) }', '$x', /an invariant holds between probes/],
    ['kprobe:f {\n//@ assert $x == 1\n$x = 1; print($x) }', '$x', /gets one elsewhere, or below/],
    ['kprobe:f { if (pid) { $x = 1; print($x) }\n//@ assert $x == 1\n}', '$x', /gets one elsewhere/],
  ])('%s', (source, on, message) => {
    const [found, ...more] = problems(source);
    expect([found && source.slice(found.span.start, found.span.end), more]).toEqual([on, []]);
    expect(found?.message).toMatch(message);
  });
});

describe('places', () => {
  it('are exact behind a BOM, with CRLF, tabs and other scripts', () => {
    const source = '\uFEFF// é日\r\n//@ requires pidd == 1 // ü\r\nkprobe:f\r\n{\r\n\t$x = "日本";\r\n\t//@ assert $x == "日" &&\r\n\t//@\t$yy > 1\r\n\tprint($x);\r\n}\r\n';
    const found = problems(source);
    expect(found.map(({ span }) => source.slice(span.start, span.end))).toEqual(['pidd', '$yy']);
  });
  it('of what is no contract are not judged', () => expect(problems('//@ nothing here\n').map((p) => p.code)).toEqual(['unknown-contract']));
});

describe('types and names', () => {
  it('are those of the program', () => {
    expect(types(CONNECT('assert bswap($dport) == 80 && @start[tid] < nsecs && family($sk) == AF_INET && @by[pid, comm] > 1'))).toMatchObject({
      $dport: 'uint16', 'bswap($dport)': 'uint16', '@start[tid]': 'uint64', nsecs: 'uint64', $sk: 'struct sock *', 'family($sk)': 'uint16', '@by[pid, comm]': 'count', 'bswap($dport) == 80': 'bool',
    });
  });
  it('of quantifiers and keys', () => {
    expect(types('//@ invariant @s[a, b] : forall i in 0..3 : a > i && b == "x" && (exists e in enum bpf_map_type : e == 1)\nkprobe:f { @s[pid, comm]++ }')).toMatchObject({ a: 'uint32', b: 'string[16]', i: 'uint64', e: 'enum bpf_map_type' });
  });
  it('constants have their value', () => {
    const [clause] = check('#define N 4\n//@ requires forall i in 0..(N << 1) - 1 : i < TCP_LISTEN\nkprobe:f { }');
    const { expr } = clause?.clause ?? {};
    if (!clause || expr?.kind !== 'quantifier' || expr.over.kind !== 'range-domain' || expr.body.kind !== 'binary') throw new Error('read as something else');
    expect([expr.over.from, expr.over.to, expr.body.right, expr.body.left].map((node) => clause.constantOf(node))).toEqual([0n, 7n, 10n, undefined]);
  });
  it('are resolved', () => {
    const source = CONNECT('assert forall i in 0..3 : $dport > i && pid > AF_INET && @start[tid] > TCP_LISTEN');
    const [clause] = check(source);
    const named = everyExpr(clause?.clause.expr ?? { kind: 'missing', start: 0, end: 0 }).flatMap((e) => {
      const meaning = clause?.meaningOf(e);
      return meaning ? [[source.slice(e.start, e.end), meaning.kind === 'constant' ? meaning.value : meaning.kind]] : [];
    });
    expect(named).toEqual([['$dport', 'symbol'], ['i', 'bound'], ['pid', 'builtin'], ['AF_INET', 2n], ['@start[tid]', 'symbol'], ['tid', 'builtin'], ['TCP_LISTEN', 10n]]);
  });
});

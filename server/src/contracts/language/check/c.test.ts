import { describe, expect, it } from 'vitest';
import { parseBpfC } from '../../../../test/support/bpfc.ts';
import { bundled } from '../../../../test/support/inventory.ts';
import { analyzeC } from '../../../language/bpfc/analysis/analyze.ts';
import { describeType } from '../../../language/bpftrace/analysis/types.ts';
import { everyExpr } from '../ast.ts';
import { cContracts, type CClause } from './c.ts';

const check = (source: string): readonly CClause[] => cContracts(analyzeC(parseBpfC(source), { inventory: bundled }));

function types(source: string): Record<string, string> {
  const [clause] = check(source);
  return Object.fromEntries(everyExpr(clause?.clause.expr ?? { kind: 'missing', start: 0, end: 0 }).map((e) => [source.slice(e.start, e.end), describeType(clause?.typeOf(e) ?? { kind: 'none' })]));
}

const PROGRAM = (statement: string, entry = ''): string => `#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#define LIMIT (1 << 4)
enum mine { FIRST = 3, SECOND };
struct event { u32 pid; u64 when; };
struct odd { u32 a; } __attribute__((packed));
typedef struct { union { u8 bytes[4]; u32 whole; }; struct event *at[2]; u32 low : 3, high : 5; } pack_t;
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, u32);
	__type(value, u64);
	__uint(max_entries, 1024);
} starts SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, u32);
	__type(value, struct event);
} events SEC(".maps");
const volatile u32 wanted = 0;
static u64 calls[4];
//@ invariant starts[k] : starts[k] > 0
${entry}
SEC("fentry/tcp_connect")
int BPF_PROG(connect, struct sock *sk)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32;
	u16 port = sk->__sk_common.skc_dport;
	struct event e = {}, *p = &e;
	struct odd o = {};
	pack_t pack = {};
	char comm[16];
	for (int i = 0; i < 4; i++) {
		//@ ${statement}
		calls[i]++;
	}
	return 0;
}
`;

describe('what is right in C', () => {
  it.each([
    'assert sk != NULL && family(sk) == AF_INET',
    'assert ntohs(port) == 80 || bpf_ntohs(sk->__sk_common.skc_dport) < LIMIT',
    'assume i >= 0 && i < 4 && calls[i] >= 0',
    'assert present(starts[pid]) ==> starts[pid] <= bpf_ktime_get_ns()',
    'assert e.pid == pid && p->when > 0 && events[pid].pid == pid',
    'assert wanted == 0 || wanted == pid',
    'assert comm[0] == \'x\'',
    'assert o.anything == 1 && pack.bytes[1] == pack.whole && pack.at[0]->pid == pack.low + pack.high',
    'assert forall s in enum bpf_map_type : s >= BPF_MAP_TYPE_UNSPEC',
    'assert port > SECOND - FIRST && (u8)port == 1 && sizeof(struct event) == sizeof(e)',
    'assert exists n in 0..LIMIT : calls[n] == 1',
    'assert ctx != 0 && *(u32 *)sk == 1',
    'assert readable(sk, sizeof(*sk)) && held(sk)',
  ])('%s', (clause) => expect(check(PROGRAM(clause)).flatMap((c) => c.problems)).toEqual([]));

  it('on entry and return', () => expect(check(PROGRAM('assert 1', '//@ requires sk != 0 && sk->__sk_common.skc_family == AF_INET\n//@ ensures retval == 0 && old(starts[1]) <= starts[1]')).flatMap((c) => c.problems)).toEqual([]));

  it('says nothing of what headers may bring', () => {
    expect(check(`#include "my.h"\n//@ ensures retval == SOME_THING + other(1)\nint f(struct mine *m)\n{\n\t//@ assert m->x == g_thing\n\treturn 0;\n}\n`).flatMap((c) => c.problems).map((p) => p.code)).toEqual(['impure-call']);
    expect(check(`#include <linux/if_ether.h>\nint f(int x)\n{\n\t//@ assert x == ETH_P_LOOP\n\treturn 0;\n}\n`).flatMap((c) => c.problems)).toEqual([]);
  });
});

describe('what is wrong in C', () => {
  it.each<[clause: string, on: string, code: string, message: RegExp]>([
    ['assert prt == 1', 'prt', 'unknown-identifier', /Did you mean port\?/],
    ['assert sk->__sk_common.skc_dprt == 1', 'skc_dprt', 'unknown-field', /Did you mean skc_dport\?/],
    ['assert sk.__sk_common.skc_dport == 1', 'sk.__sk_common', 'unknown-field', /fields are read with ->/],
    ['assert present(pid)', 'pid', 'wrong-arguments', /present\(map\[key\]\)/],
    ['assert bpf_map_lookup_elem(pid) == 1', 'bpf_map_lookup_elem', 'impure-call', /into a variable before/],
    ['assert nthos(port) == 1', 'nthos', 'unknown-function', /Did you mean ntohs\?/],
    ['assert old(port) == 1', 'old', 'misplaced', /in ensures or invariant only/],
    ['assert retval == 1', 'retval', 'unknown-identifier', /known in ensures/],
    ['assert family(port) == 1', 'port', 'wrong-arguments', /needs a socket/],
    ['assert e.pdi == 1', 'pdi', 'unknown-field', /struct event has no field pdi. Did you mean pid\?/],
    ['assert e->pid == 1', 'e->pid', 'unknown-field', /read with a dot/],
    ['assert sk->__sk_common == 1', 'sk->__sk_common', 'type-mismatch', /Name one of its fields/],
    ['assert $port == 1', '$port', 'contract-syntax', /C has no \$port/],
  ])('%s', (clause, on, code, message) => {
    const source = PROGRAM(clause);
    const found = check(source).flatMap((c) => c.problems);
    expect(found.map((p) => [p.code, source.slice(p.span.start, p.span.end)])).toEqual([[code, on]]);
    expect(found[0]?.message).toMatch(message);
  });

  it('invariants', () => {
    expect(check(PROGRAM('assert 1', '//@ invariant strts[k] : 1')).flatMap((c) => c.problems)[0]?.message).toMatch(/no map strts. Did you mean starts\?/);
    expect(check(PROGRAM('assert 1', '//@ invariant starts : 1')).flatMap((c) => c.problems)[0]?.message).toMatch(/Name the key of starts/);
  });
});

describe('types in C', () => {
  it('follow C', () => {
    expect(types(PROGRAM('assert 1').replace('//@ invariant starts[k] : starts[k] > 0\n', '').replace('assert 1', 'assert pack.bytes[0] + pack.at[1]->when == o.a + e.pid + SECOND && port + 1 > pid + 1 && starts[pid] + i > 0xffffffff && -port < 10000000000 && calls[i] == sk->__sk_common.skc_dport'))).toMatchObject({
      'pack.bytes[0]': 'uint8', 'pack.at[1]->when': 'uint64', 'o.a': 'unknown', 'e.pid': 'uint32', SECOND: 'enum mine', port: 'uint16', 'port + 1': 'int32', 'pid + 1': 'uint32', 'starts[pid]': 'uint64', 'starts[pid] + i': 'uint64', i: 'int32', '0xffffffff': 'uint32', '-port': 'int32', '10000000000': 'int64', 'sk->__sk_common.skc_dport': 'uint16',
    });
  });
});

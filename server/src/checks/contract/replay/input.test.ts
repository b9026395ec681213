import { expect, it } from 'vitest';
import type { IrEvent } from '../../../contracts/ir/interpret.ts';
import { apply, bits, type IrExpr, type IrHandler } from '../../../contracts/ir/ir.ts';
import { inputOf, type Input } from './input.ts';
import { kindOf, type Kind } from './kinds.ts';
import { limitsOf, readsOf } from './limits.ts';
import type { RealObject } from './object.ts';
import { possibilityOf, settingOf, type Possibility } from './possible.ts';

const span = { start: 0, end: 0 };
const PLACE = { property: 'contract', span: { start: 5, end: 9 } };
const OBJECT: RealObject = { sections: new Map([['f', 'tc'], ['g', 'tp/x']]), maps: new Map(), variables: new Map(), constant: (name) => (name === 'port' ? 80n : undefined), acting: [] };

/** A handler that reads these, and asserts that the last one is not 5. */
function handler(...reads: readonly (readonly [name: string, width: number])[]): IrHandler {
  const exprs = reads.map(([name, width]): IrExpr => ({ kind: 'read', name, width }));
  const [last] = reads.at(-1) ?? [''];
  const asked = exprs.at(-1) ?? bits(0, 8);
  return { name: 'f', span, body: [...exprs.map((value, i) => ({ kind: 'set' as const, name: `v${i}`, value, span })), { kind: 'assert', condition: apply('negate', 'bool', apply('eq', 'bool', asked, bits(5, reads.at(-1)?.[1] ?? 8))), property: PLACE.property, span: PLACE.span, says: `${last} is not 5` }] };
}

function kind(section: string): Kind {
  const found = kindOf(section);
  if (!found) throw new Error(`${section} is not run`);
  return found;
}

function input(section: string, one: IrHandler, reads: Readonly<Record<string, bigint>>): Input {
  return inputOf(kind(section), readsOf(one), new Map(Object.entries(reads)));
}

const event = (reads: Readonly<Record<string, bigint>>, name = 'f'): IrEvent => ({ handler: name, reads: new Map(Object.entries(reads)) });

function possibility(one: IrHandler, ...events: readonly IrEvent[]): Possibility {
  const other: IrHandler = { name: 'g', span, body: [] };
  return possibilityOf(settingOf({ maps: [], handlers: [one, other], clocks: ['bpf_ktime_get_ns()'] }, new Map(), OBJECT), events, PLACE);
}

it('bytes of a packet lie where they are read, as this machine reads them', () => {
  const { data, context } = input('xdp', handler(['packet length', 16], ['packet[12] (h_proto)', 16], ['packet[30]', 32]), { 'packet length': 40n, 'packet[12] (h_proto)': 8n, 'packet[30]': 0xc0a80001n });
  expect([data?.length, [...(data?.subarray(12, 14) ?? [])], [...(data?.subarray(30, 34) ?? [])], context]).toEqual([40, [8, 0], [1, 0, 0xa8, 0xc0], undefined]);
});

it('bytes at computed places, also what lies behind the end', () => {
  const { data } = input('xdp', handler(['packet length', 16], ['packet byte', 8]), { 'packet length': 20n, 'packet byte of 0x10': 7n, 'packet byte of 0x40': 9n });
  expect([data?.length, data?.[16]]).toEqual([20, 7]);
});

it('programs of cgroups see what lies behind the Ethernet header, which says the protocol', () => {
  const { data } = input('cgroup_skb/egress', handler(['skb->len', 32], ['skb->protocol', 32], ['packet[0]', 8]), { 'skb->len': 30n, 'skb->protocol': 0xdd86n, 'packet[0]': 0x60n });
  expect([data?.length, [...(data?.subarray(12, 15) ?? [])]]).toEqual([44, [0x86, 0xdd, 0x60]]);
});

it('fields of the context that can be chosen have their places in it', () => {
  const { context } = input('tc', handler(['skb->mark', 32], ['skb->cb[2]', 32], ['skb->tstamp', 64]), { 'skb->mark': 0x102n, 'skb->cb[2]': 3n, 'skb->tstamp': 4n });
  expect([context?.length, context?.[8], context?.[9], context?.[56], context?.[152]]).toEqual([192, 2, 1, 3, 4]);
});

it('a socket is looked for with a family', () => {
  const one = handler(['ctx->local_port', 32]);
  expect([input('sk_lookup', one, { 'ctx->local_port': 80n }).context?.[8], input('sk_lookup', one, { 'ctx->local_port': 80n }).data]).toEqual([2, undefined]);
  expect(input('sk_lookup', handler(['ctx->family', 32]), { 'ctx->family': 10n }).context?.[8]).toBe(10);
});

it.each(['xdp', 'xdp/prog', 'xdp.frags', 'tc', 'tcx/ingress', 'classifier', 'socket', 'cgroup_skb/ingress', 'cgroup/skb', 'sk_lookup'])('%s is run', (section) => expect(kindOf(section)).toBeDefined());
it.each(['xdp/devmap', 'tp/sched/sched_switch', 'fentry/f', 'raw_tp/x', 'cgroup/connect4', 'kprobe/f', 'flow_dissector', '.text'])('%s is not', (section) => expect(kindOf(section)).toBeUndefined());

it('what is the same in all test runs', () => {
  expect(possibility(handler(['skb->mark', 32]), event({ 'skb->mark': 5n }))).toMatchObject({ kind: 'possible', from: 0, unchosen: [] });
  expect(possibility(handler(['skb->hash', 32]), event({ 'skb->hash': 5n }))).toEqual({ kind: 'not', why: 'skb->hash is 0 in a test run', others: true });
  expect(possibility(handler(['port', 16]), event({ port: 5n }))).toMatchObject({ kind: 'not', why: 'port is 80 as it is compiled' });
});

it('lengths that a packet can have, the same by each name', () => {
  const both = handler(['packet length', 16], ['skb->len', 32], ['skb->mark', 32]);
  const of = (length: bigint, len: bigint): Possibility['kind'] => possibility(both, event({ 'packet length': length, 'skb->len': len, 'skb->mark': 5n })).kind;
  expect([of(14n, 14n), of(3520n, 3520n), of(13n, 13n), of(3521n, 3521n), of(20n, 21n)]).toEqual(['possible', 'possible', 'not', 'not', 'not']);
});

it('the protocol is that of the header, and no length', () => {
  const both = handler(['skb->protocol', 32], ['packet[12] (h_proto)', 16], ['skb->mark', 32]);
  const of = (field: bigint, header: bigint): Possibility['kind'] => possibility(both, event({ 'skb->protocol': field, 'packet[12] (h_proto)': header, 'skb->mark': 5n })).kind;
  expect([of(0x8n, 0x8n), of(0x8n, 0xdd86n), of(0x5n, 0x5n)]).toEqual(['possible', 'not', 'not']);
});

it('a packet of IP is as long as its header', () => {
  const one = handler(['packet length', 16], ['packet[12] (h_proto)', 16], ['skb->mark', 32]);
  const of = (length: bigint, header: bigint): Possibility['kind'] => possibility(one, event({ 'packet length': length, 'packet[12] (h_proto)': header, 'skb->mark': 5n })).kind;
  expect([of(34n, 0x8n), of(33n, 0x8n), of(54n, 0xdd86n), of(53n, 0xdd86n), of(14n, 0xb588n)]).toEqual(['possible', 'not', 'possible', 'not', 'possible']);
});

it('an address of one family is none of the other', () => {
  const lookup = handler(['ctx->family', 32], ['ctx->local_ip4', 32], ['ctx->remote_ip6[0]', 32]);
  const { limits } = limitsOf(lookup, kind('sk_lookup'), OBJECT);
  expect(limits).toHaveLength(3);
  expect(limitsOf(handler(['skb->sk', 64], ['skb->pid', 32]), kind('tc'), OBJECT).unchosen).toEqual(new Map([['skb->sk', 64], ['skb->pid', 32]]));
});

it('what nobody can choose must not matter', () => {
  const time = handler(['bpf_ktime_get_ns()', 64]);
  expect(possibility(time, event({ 'bpf_ktime_get_ns()': 5n }))).toEqual({ kind: 'not', why: 'nobody can choose bpf_ktime_get_ns()', others: true });
  const beside = handler(['bpf_ktime_get_ns()', 64], ['skb->mark', 32]);
  expect(possibility(beside, event({ 'bpf_ktime_get_ns()': 5n, 'skb->mark': 5n }))).toMatchObject({ kind: 'possible', unchosen: ['bpf_ktime_get_ns()'] });
});

it('only the last events have to be of types that are run', () => {
  const one = handler(['skb->mark', 32]);
  expect(possibility(one, event({}, 'g'), event({ 'skb->mark': 5n }))).toMatchObject({ kind: 'possible', from: 1 });
  expect(possibility(one, event({ 'skb->mark': 5n }), event({}, 'g'))).toEqual({ kind: 'not', why: 'the kernel has no test runs for programs of tp/x', others: false });
});

import { atLeast } from '../../../base/version.ts';
import type { Problem, SpanRepair } from '../problem.ts';
import type { Call, Expr, Field } from '../syntax/ast.ts';
import { structOf } from './fields.ts';
import { originOf } from './flow.ts';
import type { ProbeView, View } from './view.ts';

/** Fields that hold an IPv4 address, meaningless for IPv6. */
const IPV4_FIELDS = new Set(['skc_daddr', 'skc_rcv_saddr', 'inet_saddr', 'inet_daddr', 'inet_rcv_saddr']);

/** Kernel functions that sockets of both families pass through. */
const BOTH_FAMILIES = new Set([
  'tcp_connect', 'tcp_close', '__tcp_close', 'tcp_set_state', 'tcp_sendmsg', 'tcp_sendmsg_locked', 'tcp_recvmsg', 'tcp_cleanup_rbuf', 'tcp_retransmit_skb', '__tcp_retransmit_skb', 'tcp_rcv_established',
  'tcp_rcv_state_process', 'tcp_finish_connect', 'tcp_drop', 'tcp_reset', 'tcp_fin', 'tcp_send_fin', 'tcp_send_active_reset', 'tcp_write_xmit', '__tcp_transmit_skb', 'tcp_enter_loss', 'tcp_done', 'tcp_v4_destroy_sock', 'tcp_ack', 'tcp_data_queue',
  'inet_csk_accept', 'inet_csk_listen_start', 'inet_listen', 'inet_accept', 'inet_shutdown', 'inet_release', 'inet_csk_complete_hashdance', 'sk_stream_wait_memory', 'sock_sendmsg', 'sock_recvmsg', 'sk_free', 'tcp_tsq_handler', 'tcp_retransmit_timer',
]);
const FUNCTIONS = new Set(['kprobe', 'kretprobe', 'fentry', 'fexit']);

interface Told { readonly call: Call; readonly arg: Expr; readonly field: Field }

/** `ipv4-only`: the IPv4 address of a socket printed where IPv6 sockets come along too. */
export function ipv4Only(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => {
    const told = probe.of('call').flatMap(({ expr, order }) => (expr.callee.text === 'ntop' ? expr.args.flatMap((arg) => toldBy(view, probe, expr, arg, order)) : []));
    if (told.length === 0 || asksForFamily(probe)) return [];
    return told.map((t) => ({
      code: 'ipv4-only' as const, severity: 'warning' as const, span: probe.at(t.arg), evidence: [], repairs: repairs(view, probe, t),
      message: `Only IPv4 is told here, and this probe sees IPv6 too: then \`${t.field.name.text}\` is 0 or belongs to something else. Test the family, and print \`${instead(t.field)}\` for AF_INET6 (10).`,
    }));
  });
}

function toldBy(view: View, probe: ProbeView, call: Call, arg: Expr, order: number): Told[] {
  const field = originOf(probe, arg, order);
  return field.kind === 'field' && isIpv4(view, probe, field) ? [{ call, arg, field }] : [];
}

function instead({ name: { text } }: Field): string {
  if (!IPV4_FIELDS.has(text)) return `${text}_v6`;
  return /daddr/.test(text) ? 'skc_v6_daddr.in6_u.u6_addr8' : 'skc_v6_rcv_saddr.in6_u.u6_addr8';
}

/**
 * Tracepoints write an IPv4 address into their IPv6 field too, mapped, so that `ntop()` of that one is right for both.
 * A socket has to be asked: bpftrace 0.17 has no ternary of addresses, 0.27 does.
 */
function repairs(view: View, probe: ProbeView, { call, field }: Told): SpanRepair[] {
  if (!IPV4_FIELDS.has(field.name.text)) {
    const mapped = `${probe.sourceOf(field)}_v6`;
    return [{ title: `Print ${field.name.text}_v6, which holds addresses of both`, sure: false, edits: [{ span: probe.at(call), newText: `ntop(${mapped})` }] }];
  }
  if (!atLeast(view.analysis.options.version, 0, 27)) return [];
  const owner = probe.sourceOf({ start: field.start, end: field.name.start });
  const socket = /^inet_/.test(field.name.text) ? `${owner}sk.__sk_common.` : owner;
  const newText = `(${socket}skc_family == 10 ? ntop(${socket}${instead(field)}) : ${probe.sourceOf(call)})`;
  return [{ title: 'Print the IPv6 address where the socket has one', sure: false, edits: [{ span: probe.at(call), newText }] }];
}

function isIpv4(view: View, probe: ProbeView, field: Field): boolean {
  if (IPV4_FIELDS.has(field.name.text)) return probe.points.some((p) => FUNCTIONS.has(p.provider) && BOTH_FAMILIES.has(p.parts.at(-1) ?? ''));
  // Tracepoints such as tcp:tcp_retransmit_skb carry both forms side by side.
  const owner = structOf(view.analysis.typeOf(field.object));
  return owner?.args === true && owner.struct.fields().some((f) => f.name === `${field.name.text}_v6`);
}

/** As the first argument of `ntop()`, `AF_INET` claims a family and asks nothing. */
function asksForFamily(probe: ProbeView): boolean {
  return probe.uses.some(({ expr, around }) => {
    const outer = around.at(-1);
    if (outer?.kind === 'call' && outer.callee.text === 'ntop' && outer.args.length > 1 && outer.args[0] === expr && expr.kind === 'identifier') return false;
    const name = expr.kind === 'field' ? expr.name.text : expr.kind === 'identifier' || expr.kind === 'variable' ? expr.name : '';
    return /family|_v6|in6|AF_INET|ipv6only/.test(name);
  });
}

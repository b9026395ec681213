import type { Problem } from '../problem.ts';
import type { Expr } from '../syntax/ast.ts';
import { fieldOf, structOf } from './fields.ts';
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

/** `ipv4-only`: the IPv4 address of a socket printed where IPv6 sockets come along too. */
export function ipv4Only(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => {
    const printed = probe.of('call').flatMap(({ expr }) => (expr.callee.text === 'ntop' ? expr.args : [])).filter((arg) => isIpv4(view, probe, arg));
    if (printed.length === 0 || asksForFamily(probe)) return [];
    return printed.map((arg) => ({
      code: 'ipv4-only' as const, severity: 'warning' as const, span: probe.at(arg), evidence: [], repairs: [],
      message: `Only IPv4 is told here, and this probe sees IPv6 too: then \`${fieldOf(arg)?.name.text ?? ''}\` is 0 or belongs to something else. Test the family, and print ${instead(arg)} for AF_INET6 (10).`,
    }));
  });
}

function instead(expr: Expr): string {
  const name = fieldOf(expr)?.name.text ?? '';
  if (name === 'skc_daddr') return '`skc_v6_daddr.in6_u.u6_addr8`';
  return IPV4_FIELDS.has(name) ? '`skc_v6_rcv_saddr.in6_u.u6_addr8`' : `\`${name}_v6\``;
}

function isIpv4(view: View, probe: ProbeView, expr: Expr): boolean {
  const field = fieldOf(expr);
  if (!field) return false;
  if (IPV4_FIELDS.has(field.name.text)) return probe.points.some((p) => FUNCTIONS.has(p.provider) && BOTH_FAMILIES.has(p.parts.at(-1) ?? ''));
  // Tracepoints such as tcp:tcp_retransmit_skb carry both forms side by side.
  const owner = structOf(view.analysis.typeOf(field.object));
  return owner?.args === true && owner.struct.fields().some((f) => f.name === `${field.name.text}_v6`);
}

function asksForFamily(probe: ProbeView): boolean {
  return probe.uses.some(({ expr }) => {
    const name = expr.kind === 'field' ? expr.name.text : expr.kind === 'identifier' || expr.kind === 'variable' ? expr.name : '';
    return /family|_v6|in6|AF_INET|ipv6only/.test(name);
  });
}

import type { Problem, SpanRepair } from '../problem.ts';
import type { Expr } from '../syntax/ast.ts';
import { isBuiltin, valueOf } from './fields.ts';
import type { ProbeView, Use, View } from './view.ts';

/** Builtins that tell of the current process. */
const CURRENT = ['comm', 'pid', 'tid', 'uid', 'gid', 'username', 'ustack', 'cgroup'];

/** Tracepoints that always fire in an interrupt or its aftermath, with what runs there. */
const TRACEPOINTS: readonly { readonly event: RegExp; readonly why: string }[] = [
  { event: /^irq:(?:softirq_(?:entry|exit)|irq_handler_(?:entry|exit))$|^irq_vectors:/, why: 'an interrupt handler' },
  { event: /^timer:(?:timer_expire_(?:entry|exit)|hrtimer_expire_(?:entry|exit))$/, why: 'a timer' },
  { event: /^net:(?:netif_receive_skb|napi_gro_receive_entry|napi_gro_frags_entry)$|^napi:napi_poll$/, why: 'the receiving of packets' },
  { event: /^tcp:tcp_(?:retransmit_skb|probe)$/, why: 'a TCP timer or the receiving of packets' },
  { event: /^block:(?:block_rq_complete|block_io_done|block_bio_complete)$/, why: 'the completion of disk I/O' },
  { event: /^scsi:scsi_dispatch_cmd_done$|^nvme:nvme_complete_rq$/, why: 'the completion of disk I/O' },
];
const FUNCTIONS: Readonly<Record<string, string>> = Object.fromEntries<string>([
  ...['napi_gro_receive', 'netif_receive_skb', '__netif_receive_skb', '__netif_receive_skb_core', 'ip_rcv', 'ipv6_rcv', 'tcp_v4_rcv', 'tcp_v6_rcv', 'udp_rcv', 'udpv6_rcv', 'icmp_rcv', 'arp_rcv', 'net_rx_action'].map((f) => [f, 'the receiving of packets'] as const),
  ...['tcp_retransmit_skb', '__tcp_retransmit_skb', 'tcp_retransmit_timer', 'tcp_write_timer_handler', 'tcp_delack_timer_handler', 'tcp_keepalive_timer'].map((f) => [f, 'a TCP timer or the receiving of packets'] as const),
  ...['blk_account_io_done', '__blk_account_io_done', 'blk_mq_end_request', 'blk_update_request', 'bio_endio', 'blk_mq_complete_request'].map((f) => [f, 'the completion of disk I/O'] as const),
]);

/**
 * `interrupt-context`: `comm`, `pid` and the like where whoever was interrupted has nothing to do with the event. As a
 * key that leads from the entry of a handler to its exit, the bystander's `tid` is as good as any.
 */
export function interruptContext(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => {
    const why = contextOf(probe);
    if (why === undefined) return [];
    const current = probe.uses.filter(({ expr }) => CURRENT.some((name) => isCurrent(expr, name)));
    if (current.length === 0) return [];
    const pairing = new Set([...view.maps.values()].flatMap((uses) => uses.flatMap((u) => (u.probe === probe && u.role !== 'count' ? u.keys : []))));
    return CURRENT.flatMap((name) => {
      const use = current.find(({ expr }) => isCurrent(expr, name) && !pairing.has(expr));
      if (!use) return [];
      return [{
        code: 'interrupt-context' as const, severity: 'warning' as const, span: probe.at(use.expr), evidence: [], repairs: leaveOut(probe, use),
        message: `This probe runs in ${why}, which interrupts whatever the CPU was doing: \`${name}\` is that of a bystander (often 0, \`swapper\`). ${probe.points[0]?.provider === 'interval' ? 'Take it in the probe of the event itself, or sample with `profile`.' : 'Remember it where the work is asked for, in a map keyed by what is worked on, and look it up here.'}`,
      }];
    });
  });
}

/** As a part of a key it can go. */
function leaveOut(probe: ProbeView, { expr, around }: Use): SpanRepair[] {
  const map = around.at(-1);
  const title = `Leave ${probe.sourceOf(expr)} out of the key`;
  if (map?.kind !== 'map' || !map.keys) return [];
  const index = map.keys.indexOf(expr);
  const [before, after] = [map.keys[index - 1], map.keys[index + 1]];
  const span = after ? { start: expr.start, end: after.start } : before ? { start: before.end, end: expr.end } : { start: map.nameSpan.end, end: map.end };
  return index < 0 ? [] : [{ title, sure: false, edits: [{ span: probe.at(span), newText: '' }] }];
}

/** The builtin, or the same of `curtask`. */
function isCurrent(expr: Expr, name: string): boolean {
  return isBuiltin(expr, name) || (expr.kind === 'field' && TASK_FIELDS[expr.name.text] === name && isBuiltin(valueOf(expr.object), 'curtask'));
}

/** Fields of `task_struct` that tell what a builtin tells; the kernel's `pid` is a thread. */
const TASK_FIELDS: Readonly<Record<string, string>> = { comm: 'comm', tgid: 'pid', pid: 'tid' };

/** What interrupts, when every attach point of the probe is known to run so. */
function contextOf(probe: ProbeView): string | undefined {
  const found = probe.points.map(({ provider, parts }) => {
    if (provider === 'interval') return 'a timer of bpftrace\'s own';
    if (provider === 'tracepoint') return TRACEPOINTS.find((t) => t.event.test(parts.join(':')))?.why;
    return provider === 'kprobe' || provider === 'fentry' || provider === 'kretprobe' || provider === 'fexit' ? FUNCTIONS[parts.at(-1) ?? ''] : undefined;
  });
  return found.length > 0 && found.every((f) => f !== undefined) ? found[0] : undefined;
}

import type { Inventory } from '../../../kernel/inventory.ts';
import { HELPERS } from './helpers.ts';

/** Types of which bpftool cannot ask, because they need a function to attach to. */
const LIKE_KPROBE = new Set(['tracing', 'lsm', 'ext', 'struct_ops']);

/** What tracing programs may call beyond kprobes. Those of tp_btf and iterators were asked of Linux 6.18; the rest is in its tracing_prog_func_proto. */
const TRACING = new Set(
  ('d_path get_socket_cookie sk_storage_delete sk_storage_get skb_output skc_to_mptcp_sock skc_to_tcp6_sock skc_to_tcp_request_sock skc_to_tcp_sock skc_to_tcp_timewait_sock skc_to_udp6_sock ' +
  'skc_to_unix_sock sock_from_file xdp_get_buff_len xdp_output seq_printf seq_printf_btf seq_write get_func_arg get_func_ret get_func_arg_cnt copy_from_user copy_from_user_task').split(' ').map((name) => `bpf_${name}`),
);

/** Types whose programs may call other helpers at other attach points (connect4 and sendmsg4): bpftool asks of one. */
const DEPENDS_ON_ATTACH = new Map([
  ['cgroup_sock_addr', new Set(['bpf_bind', 'bpf_setsockopt', 'bpf_getsockopt', 'bpf_set_retval', 'bpf_get_retval', 'bpf_skc_lookup_tcp', 'bpf_sk_lookup_tcp', 'bpf_sk_lookup_udp', 'bpf_sk_release'])],
  ['cgroup_sockopt', new Set(['bpf_setsockopt', 'bpf_getsockopt', 'bpf_set_retval', 'bpf_get_retval'])],
  ['cgroup_sock', new Set(['bpf_set_retval', 'bpf_get_retval'])],
  ['cgroup_skb', new Set(['bpf_set_retval', 'bpf_get_retval'])],
  ['sk_reuseport', new Set(['bpf_sk_select_reuseport'])],
]);

export type Allowed = 'yes' | 'no' | 'unknown';

/**
 * Whether programs of a type may call a helper on a kernel. `unknown` unless that kernel was asked, or it is sure of the
 * type: what only packets have is not for tracing.
 */
export function mayCall(inventory: Pick<Inventory, 'helpers'>, programType: string, helper: string): Allowed {
  if (DEPENDS_ON_ATTACH.get(programType)?.has(helper)) return 'unknown';
  const asked = inventory.helpers(programType);
  if (asked) return asked.has(helper) ? 'yes' : 'no';
  if (!LIKE_KPROBE.has(programType)) return 'unknown';
  if (inventory.helpers('kprobe')?.has(helper)) return 'yes';
  if (programType === 'tracing') return TRACING.has(helper) ? 'yes' : NEEDS_PACKET.has(helper) ? 'no' : 'unknown';
  return programType === 'lsm' && NEEDS_PACKET.has(helper) ? 'no' : 'unknown';
}

/** Helpers that take a context no tracing program has: of packets, messages, sysctls, remote controls. */
const CONTEXTS = /^(?:const )?(?:struct (?:__sk_buff|xdp_md|sk_msg_md|bpf_sock_ops|bpf_sysctl|sk_reuseport_md|bpf_sock_addr|bpf_perf_event_data) \*|void \*skb$)/;
const NEEDS_PACKET: ReadonlySet<string> = new Set([
  ...HELPERS.filter(({ name, params }) => CONTEXTS.test(params[0] ?? '') && !TRACING.has(name)).map(({ name }) => name),
  'bpf_redirect', 'bpf_redirect_map', 'bpf_redirect_neigh', 'bpf_redirect_peer', 'bpf_rc_repeat', 'bpf_rc_keydown', 'bpf_rc_pointer_rel',
]);

/** Types of program that may call a helper on a kernel, of those that were asked; empty when none was. */
export function callersOf(inventory: Pick<Inventory, 'helpers'>, programTypes: readonly string[], helper: string): string[] {
  return programTypes.filter((type) => mayCall(inventory, type, helper) === 'yes');
}

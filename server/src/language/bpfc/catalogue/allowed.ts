import { compareVersions, parseVersion } from '../../../base/version.ts';
import type { Inventory } from '../../../kernel/inventory.ts';
import { ALLOWED_6_18 } from './allowed-6.18.ts';
import { helperNumber } from './helpers.ts';

/** Types whose programs may call other helpers at other attach points (connect4 and sendmsg4): bpftool asks of one. */
const DEPENDS_ON_ATTACH = new Map([
  ['cgroup_sock_addr', new Set(['bpf_bind', 'bpf_setsockopt', 'bpf_getsockopt', 'bpf_set_retval', 'bpf_get_retval', 'bpf_skc_lookup_tcp', 'bpf_sk_lookup_tcp', 'bpf_sk_lookup_udp', 'bpf_sk_release'])],
  ['cgroup_sockopt', new Set(['bpf_setsockopt', 'bpf_getsockopt', 'bpf_set_retval', 'bpf_get_retval'])],
  ['cgroup_sock', new Set(['bpf_set_retval', 'bpf_get_retval'])],
  ['cgroup_skb', new Set(['bpf_set_retval', 'bpf_get_retval'])],
  ['sk_reuseport', new Set(['bpf_sk_select_reuseport'])],
]);

export type Allowed = 'yes' | 'no' | 'unknown';
/** What is asked of a kernel. */
export type Asked = Pick<Inventory, 'helpers' | 'release'>;

/**
 * Whether programs of a type may call a helper on a kernel. Where that kernel could not be asked, what Linux 6.18 refuses is
 * refused by older ones too.
 */
export function mayCall(inventory: Asked, programType: string, helper: string): Allowed {
  if (DEPENDS_ON_ATTACH.get(programType)?.has(helper)) return 'unknown';
  const asked = inventory.helpers(programType);
  if (asked) return asked.has(helper) ? 'yes' : 'no';
  const version = parseVersion(inventory.release);
  return refused(programType, helper) && version !== undefined && compareVersions(version.slice(0, 2), [6, 18]) <= 0 ? 'no' : 'unknown';
}

function refused(programType: string, helper: string): boolean {
  const id = helperNumber(helper);
  const allowed = ALLOWED_6_18.get(programType);
  // A helper that no type had is one that kernel was built without.
  return id !== undefined && allowed !== undefined && !allowed.has(id) && [...ALLOWED_6_18.values()].some((ids) => ids.has(id));
}

/** Types of program that may call a helper: on a kernel that was asked, or else on Linux 6.18. */
export function callersOf(inventory: Asked, programTypes: readonly string[], helper: string): { readonly types: readonly string[]; readonly asked: boolean } {
  const id = helperNumber(helper) ?? 0;
  const asked = inventory.helpers('kprobe') !== undefined;
  const types = programTypes.filter((type) => (inventory.helpers(type)?.has(helper) ?? (ALLOWED_6_18.get(type)?.has(id) && (!asked || mayCall(inventory, type, helper) !== 'no'))));
  return { types, asked };
}

/** Types of map that helpers work on, without `BPF_MAP_TYPE_`. Facts of the kernel's check_map_func_compatibility(). */
const ONLY: readonly (readonly [helpers: string, types: string])[] = [
  ['tail_call', 'PROG_ARRAY'],
  ['perf_event_read perf_event_read_value perf_event_output skb_output xdp_output', 'PERF_EVENT_ARRAY'],
  ['ringbuf_output ringbuf_reserve ringbuf_query ringbuf_reserve_dynptr', 'RINGBUF'],
  ['user_ringbuf_drain', 'USER_RINGBUF'],
  ['get_stackid', 'STACK_TRACE'],
  ['current_task_under_cgroup skb_under_cgroup', 'CGROUP_ARRAY'],
  ['redirect_map', 'DEVMAP DEVMAP_HASH CPUMAP XSKMAP'],
  ['sk_redirect_map msg_redirect_map sock_map_update', 'SOCKMAP'],
  ['sk_redirect_hash msg_redirect_hash sock_hash_update', 'SOCKHASH'],
  ['get_local_storage', 'CGROUP_STORAGE PERCPU_CGROUP_STORAGE'],
  ['sk_select_reuseport', 'REUSEPORT_SOCKARRAY SOCKMAP SOCKHASH'],
  ['map_pop_elem', 'QUEUE STACK'],
  ['map_peek_elem map_push_elem', 'QUEUE STACK BLOOM_FILTER'],
  ['sk_storage_get sk_storage_delete', 'SK_STORAGE'],
  ['inode_storage_get inode_storage_delete', 'INODE_STORAGE'],
  ['task_storage_get task_storage_delete', 'TASK_STORAGE'],
  ['cgrp_storage_get cgrp_storage_delete', 'CGRP_STORAGE'],
  ['map_lookup_percpu_elem', 'PERCPU_ARRAY PERCPU_HASH LRU_PERCPU_HASH'],
];

const byHelper: ReadonlyMap<string, readonly string[]> = new Map(ONLY.flatMap(([helpers, types]) => helpers.split(' ').map((helper) => [`bpf_${helper}`, types.split(' ')] as const)));

/** What to call instead of a lookup, an update or a deletion, by the types of map on which none of them works. */
const INSTEAD: Readonly<Record<string, string>> = {
  PROG_ARRAY: 'bpf_tail_call runs what is in it',
  PERF_EVENT_ARRAY: 'bpf_perf_event_output writes to it',
  STACK_TRACE: 'bpf_get_stackid fills it, and user space reads it',
  CGROUP_ARRAY: 'bpf_current_task_under_cgroup and bpf_skb_under_cgroup ask it',
  CPUMAP: 'bpf_redirect_map sends packets to what is in it',
  REUSEPORT_SOCKARRAY: 'bpf_sk_select_reuseport chooses from it',
  RINGBUF: 'bpf_ringbuf_reserve and bpf_ringbuf_output write to it',
  USER_RINGBUF: 'bpf_user_ringbuf_drain reads it',
  QUEUE: 'bpf_map_push_elem, bpf_map_pop_elem and bpf_map_peek_elem work on it',
  STACK: 'bpf_map_push_elem, bpf_map_pop_elem and bpf_map_peek_elem work on it',
  BLOOM_FILTER: 'bpf_map_push_elem adds to it and bpf_map_peek_elem asks it',
  SK_STORAGE: 'bpf_sk_storage_get finds what it keeps',
  INODE_STORAGE: 'bpf_inode_storage_get finds what it keeps',
  TASK_STORAGE: 'bpf_task_storage_get finds what it keeps',
  CGRP_STORAGE: 'bpf_cgrp_storage_get finds what it keeps',
  CGROUP_STORAGE: 'bpf_get_local_storage finds what it keeps',
  PERCPU_CGROUP_STORAGE: 'bpf_get_local_storage finds what it keeps',
};

/** Types of map that a helper works on; undefined where that is no question. */
export function typesFor(helper: string): readonly string[] | undefined {
  return byHelper.get(helper);
}

/** What goes in the stead of a lookup, an update or a deletion on a type of map; undefined when they work on it. */
export function insteadOf(helper: string, type: string): string | undefined {
  return /^bpf_map_(?:lookup|update|delete)_elem$/.test(helper) && Object.hasOwn(INSTEAD, type) ? INSTEAD[type] : undefined;
}

// Counts the programs that each user starts, in a hash map that user space reads.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, __u32);
  __type(value, __u64);
} started SEC(".maps");

SEC("tracepoint/sched/sched_process_exec")
int count_exec(struct trace_event_raw_sched_process_exec *ctx)
{
  __u32 uid = (__u32)bpf_get_current_uid_gid();
  __u64 one = 1;
  __u64 *count = bpf_map_lookup_elem(&started, &uid);

  if (count)
    __sync_fetch_and_add(count, 1);
  else
    bpf_map_update_elem(&started, &uid, &one, BPF_ANY);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";

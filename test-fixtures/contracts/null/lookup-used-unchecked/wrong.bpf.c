#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} forks SEC(".maps");

SEC("tp/sched/sched_process_fork")
int on_fork(struct trace_event_raw_sched_process_fork *ctx)
{
	__u32 ppid = ctx->parent_pid;
	__u64 *n = bpf_map_lookup_elem(&forks, &ppid);

	//@ assert n != 0
	*n += 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} longest SEC(".maps");

SEC("tp/sched/sched_stat_runtime")
int on_runtime(struct trace_event_raw_sched_stat_runtime *ctx)
{
	__u32 zero = 0;
	__u64 runtime = ctx->runtime;
	__u64 *most = bpf_map_lookup_elem(&longest, &zero);

	if (!most)
		return 0;
	if (runtime < *most)
		*most = runtime;
	//@ assert *most >= runtime
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

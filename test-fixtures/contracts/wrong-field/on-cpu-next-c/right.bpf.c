#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, __u32);
} running SEC(".maps");

SEC("tp/sched/sched_switch")
int on_switch(struct trace_event_raw_sched_switch *ctx)
{
	__u32 cpu = bpf_get_smp_processor_id();
	__u32 pid = ctx->next_pid;

	if (bpf_map_update_elem(&running, &cpu, &pid, BPF_ANY))
		return 0;
	//@ assert running[cpu] == (__u32)ctx->next_pid
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define CPUS 16

struct load {
	__u64 switches[CPUS];
	__u64 idle[CPUS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct load);
} loads SEC(".maps");

SEC("tp/sched/sched_switch")
int on_switch(struct trace_event_raw_sched_switch *ctx)
{
	__u32 zero = 0, cpu = bpf_get_smp_processor_id() & 15;
	struct load *l = bpf_map_lookup_elem(&loads, &zero);

	if (!l)
		return 0;
	l->switches[cpu]++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

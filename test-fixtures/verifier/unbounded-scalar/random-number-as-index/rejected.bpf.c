#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define MAX_CPUS 128

struct cpu_stat {
	__u64 switches;
	__u64 last;
};

struct cpu_stat stats[MAX_CPUS];

static __noinline void account(__u32 cpu, __u64 now)
{
	struct cpu_stat *s = &stats[cpu];

	s->switches++;
	s->last = now;
}

SEC("raw_tp/sched_switch")
int per_cpu_slot(void *ctx)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 cpu;

	cpu = bpf_get_prandom_u32();
	account(cpu, now);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

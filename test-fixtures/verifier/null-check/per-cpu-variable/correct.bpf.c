#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
extern const int bpf_prog_active __ksym;

SEC("raw_tp/sched_switch")
int neighbour(void *ctx)
{
	const int *active;
	__u32 cpu = bpf_get_smp_processor_id() ^ 1;

	active = bpf_per_cpu_ptr(&bpf_prog_active, cpu);
	if (active)
		bpf_printk("cpu %u: %d", cpu, *active);
	return 0;
}
const char _license[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
const volatile int counters_fd = 3;
struct counters_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 64);
} counters SEC(".maps");

SEC("tp/sched/sched_switch")
int count(void *ctx)
{
	__u32 cpu = bpf_get_smp_processor_id();
	__u64 *n = bpf_map_lookup_elem((void *)(long)counters_fd, &cpu);

	if (n)
		++*n;
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct areas_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} areas SEC(".maps");

SEC("tp/sched/sched_process_fork")
int forked(void *ctx)
{
	struct bpf_dynptr d;
	__u32 zero = 0;
	__u64 *mem = bpf_map_lookup_elem(&areas, &zero);
	__u32 pid = bpf_get_current_pid_tgid() >> 32;

	if (!mem)
		return 0;
	if (bpf_dynptr_from_mem(mem, sizeof(*mem), 0, &d))
		return 0;
	bpf_dynptr_write(&d, 0, &pid, sizeof(pid), 0);
	return 0;
}

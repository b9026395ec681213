#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} faults SEC(".maps");

SEC("tp/exceptions/page_fault_user")
int on_fault(void *ctx)
{
	__u64 group = bpf_get_current_cgroup_id();
	__u64 *n = bpf_map_lookup_elem(&faults, &group), one = 1;

	if (n)
		__sync_fetch_and_add(n, 1);
	else
		bpf_map_update_elem(&faults, &group, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

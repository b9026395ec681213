#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} last SEC(".maps");

#define SECOND 1000000000ULL

/* lets one event a second through */
SEC("tp/oom/mark_victim")
int limited(void *ctx)
{
	__u32 zero = 0;
	__u64 *seen = bpf_map_lookup_elem(&last, &zero);
	__u64 now = bpf_ktime_get_ns();

	if (!seen)
		return 0;
	if (*seen && bpf_ktime_get_ns() < *seen + SECOND)
		return 0;
	*seen = now;
	bpf_printk("oom victim");
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

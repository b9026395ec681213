#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} stamps SEC(".maps");

/* 0: time of the last softirq of this processor, 1: its longest gap */
SEC("tp/irq/softirq_entry")
int gap(void *ctx)
{
	__u32 k0 = 0, k1 = 1;
	__u64 *last = bpf_map_lookup_elem(&stamps, &k0);
	__u64 *longest = bpf_map_lookup_elem(&stamps, &k1);
	__u64 now = bpf_ktime_get_ns();

	if (!last || !longest)
		return 0;
	if (*last) {
		__u64 d = now - *last;
		if (d > *longest)
			*longest = d;
	}
	*last = now;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

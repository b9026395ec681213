#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} ready SEC(".maps");

SEC("xdp")
int spin_until(struct xdp_md *ctx)
{
	__u32 zero = 0;
	volatile __u32 *flag = bpf_map_lookup_elem(&ready, &zero);
	int i;

	if (!flag)
		return XDP_ABORTED;
	for (i = 0; i < 16 && !*flag; i++)
		;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";

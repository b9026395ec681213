#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#pragma pack(push, 1)
struct wire_stats {
	__u16 version;
	__u64 rx;
	__u64 tx;
};
#pragma pack(pop)

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct wire_stats);
} wire SEC(".maps");

SEC("xdp")
int odd_key(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct wire_stats *w = bpf_map_lookup_elem(&wire, &zero);

	if (!w)
		return XDP_PASS;
	w->rx += 1;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";

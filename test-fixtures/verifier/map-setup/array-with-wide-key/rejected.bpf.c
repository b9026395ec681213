#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u64);
	__type(value, __u64);
} totals SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u64 k = ctx->rx_queue_index & 15;
	__u64 *v = bpf_map_lookup_elem(&totals, &k);

	if (v)
		*v += 1;
	return XDP_PASS;
}

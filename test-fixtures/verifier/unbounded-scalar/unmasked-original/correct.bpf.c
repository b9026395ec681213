#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
#define MASK 0x3f
__u64 table[64];

SEC("xdp")
int spread(struct xdp_md *ctx)
{
	__u32 hash = bpf_get_prandom_u32();
	__u32 slot = hash & MASK;

	if (ctx->ingress_ifindex == slot)
		return XDP_DROP;
	table[slot] += 1;
	return XDP_PASS;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct tag8021q {
	__be16 tci;
	__be16 encap;
};

volatile __u32 blocked_vid = 7;

SEC("xdp")
int vlan_pop_guard(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct tag8021q *vh;

	if (data + sizeof(*eth) > data_end)
		return XDP_ABORTED;
	if (eth->h_proto != bpf_htons(0x8100))
		return XDP_PASS;

	vh = data + sizeof(*eth);
	if ((void *)vh + sizeof(*vh) - 1 > data_end)
		return XDP_ABORTED;

	if (vh->encap != bpf_htons(0x0800))
		return XDP_PASS;
	if ((bpf_ntohs(vh->tci) & 0xfff) == blocked_vid)
		return XDP_DROP;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int reflect(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);

	if ((void *)(ip + 1) > end || eth->h_proto != bpf_htons(0x0800))
		return XDP_PASS;
	__be32 from = ip->saddr, to = ip->daddr;

	if (from == to)
		return XDP_DROP;
	ip->saddr = to;
	ip->daddr = ip->saddr;
	//@ assert ip->saddr != ip->daddr
	return XDP_TX;
}

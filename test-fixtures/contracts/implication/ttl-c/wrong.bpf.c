#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int hop(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);

	if ((void *)(ip + 1) > data_end || eth->h_proto != bpf_htons(0x0800))
		return XDP_PASS;
	int verdict = XDP_TX;

	if (ip->ttl < 1)
		verdict = XDP_DROP;
	//@ assert ip->ttl <= 1 ==> verdict == XDP_DROP
	return verdict;
}

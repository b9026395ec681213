#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int drop_telnet(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct tcphdr *tcp = (void *)(ip + 1);

	if ((void *)(tcp + 1) > end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(0x0800) || ip->ihl != 5 || ip->protocol != 6)
		return XDP_PASS;
	if (tcp->dest == bpf_htons(23)) {
		//@ assert ntohs(tcp->dest) == 23
		return XDP_DROP;
	}
	return XDP_PASS;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define FIRST_PORT 6000
#define LAST_PORT 6063

SEC("xdp")
int no_x11(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct tcphdr *tcp = data + sizeof(*eth) + sizeof(*ip);
	__u16 port;

	if ((void *)(tcp + 1) > data_end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(0x0800) || ip->ihl != 5 || ip->protocol != IPPROTO_TCP)
		return XDP_PASS;

	port = bpf_ntohs(tcp->dest);
	if (port >= FIRST_PORT && port <= LAST_PORT)
		return XDP_DROP;
	//@ assert !(ntohs(tcp->dest) >= 6000 && ntohs(tcp->dest) <= 6063)
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";

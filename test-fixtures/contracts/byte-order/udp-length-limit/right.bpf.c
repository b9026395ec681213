#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

/* Large DNS answers are dropped, they are used for amplification. */
#define MAX_ANSWER 512

SEC("xdp")
int limit_dns(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;
	struct iphdr *iph = data + sizeof(*eth);
	struct udphdr *udp = data + sizeof(*eth) + sizeof(*iph);

	if ((void *)(udp + 1) > data_end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(0x0800))
		return XDP_PASS;
	if (iph->ihl != 5 || iph->protocol != IPPROTO_UDP)
		return XDP_PASS;
	if (udp->source != bpf_htons(53))
		return XDP_PASS;

	__u16 len = bpf_ntohs(udp->len);
	if (len <= MAX_ANSWER)
		return XDP_PASS;
	//@ assert ntohs(udp->len) > 512
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

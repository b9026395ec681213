#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
const char _license[] SEC("license") = "GPL";

#define MAX_NAME 16

struct dnshdr {
	__be16 id, flags, qdcount, ancount, nscount, arcount;
};

SEC("xdp")
int drop_long_names(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1);
	struct dnshdr *dns = (void *)(udp + 1);
	__u8 *p = (__u8 *)(dns + 1);
	int labels = 0, i;

	if ((void *)(dns + 1) > end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(0x0800) || ip->protocol != 17)
		return XDP_PASS;
	if (udp->dest != bpf_htons(53))
		return XDP_PASS;

	for (i = 0; i < MAX_NAME; i++) {
		if (*p == 0)
			break;
		if (*p < 64)
			labels++;
		p++;
	}
	return labels > 1 ? XDP_DROP : XDP_PASS;
}

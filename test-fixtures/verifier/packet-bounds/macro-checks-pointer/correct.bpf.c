#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char LICENSE[] SEC("license") = "GPL";
#define FITS(p, end) ((void *)((p) + 1) <= (end))

struct cursor {
	void *end;
	struct ethhdr *eth;
	struct ipv6hdr *ip6;
};

SEC("tc")
int block_router_adverts(struct __sk_buff *skb)
{
	struct cursor c;
	struct icmp6hdr *icmp;

	c.end = (void *)(long)skb->data_end;
	c.eth = (void *)(long)skb->data;
	if (!FITS(c.eth, c.end))
		return 0;
	if (c.eth->h_proto != bpf_htons(0x86dd))
		return 0;
	c.ip6 = (void *)(c.eth + 1);
	if (!FITS(c.ip6, c.end) || c.ip6->nexthdr != 58)
		return 0;
	icmp = (void *)(c.ip6 + 1);
	if (!FITS(icmp, c.end))
		return 0;
	return icmp->icmp6_type == 135 ? 2 : 0;
}

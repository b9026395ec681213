#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char __license[] SEC("license") = "Dual MIT/GPL";

struct hdr_cursor { void *pos; };

static __always_inline int parse_eth(struct hdr_cursor *nh, void *end, struct ethhdr **out)
{
	struct ethhdr *eth = nh->pos;
	if (nh->pos + sizeof(*eth) > end)
		return -1;
	nh->pos = eth + 1;
	*out = eth;
	return eth->h_proto;
}

static __always_inline int parse_ip(struct hdr_cursor *nh, void *end, struct iphdr **out)
{
	struct iphdr *ip = nh->pos;
	if ((void *)(ip + 1) > end)
		return -1;
	int len = ip->ihl * 4;
	if (len < sizeof(*ip))
		return -1;
	nh->pos += len;
	*out = ip;
	return ip->protocol;
}

static __always_inline int parse_tcp(struct hdr_cursor *nh, void *end, struct tcphdr **out)
{
	struct tcphdr *tcp = nh->pos;
	*out = tcp;
	nh->pos = tcp + 1;
	return bpf_ntohs(tcp->dest);
}

SEC("xdp")
int only_https(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	struct ethhdr *eth;
	struct iphdr *ip;
	struct tcphdr *tcp;

	if (parse_eth(&nh, end, &eth) != bpf_htons(0x0800))
		return XDP_PASS;
	if (parse_ip(&nh, end, &ip) != 6)
		return XDP_PASS;
	return parse_tcp(&nh, end, &tcp) == 443 ? XDP_DROP : XDP_PASS;
}

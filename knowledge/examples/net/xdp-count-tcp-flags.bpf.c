// Count TCP packets that open, close or reset connections and those without any flag, IPv4 and IPv6.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define IP_FRAGMENT_OFFSET 0x1fff

enum { SYN, SYN_ACK, FIN, RST, NO_FLAG, OTHER, KINDS };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, KINDS);
	__type(key, __u32);
	__type(value, __u64);
} flags SEC(".maps");

static __always_inline __u32 kind_of(struct tcphdr *tcp)
{
	if (tcp->rst)
		return RST;
	if (tcp->syn)
		return tcp->ack ? SYN_ACK : SYN;
	if (tcp->fin)
		return FIN;
	return tcp->ack || tcp->psh || tcp->urg ? OTHER : NO_FLAG;
}

SEC("xdp")
int count_flags(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct tcphdr *tcp;

	struct ethhdr *eth = data;
	if ((void *)(eth + 1) > end)
		return XDP_PASS;

	if (eth->h_proto == bpf_htons(ETH_P_IP)) {
		struct iphdr *ip = (void *)(eth + 1);
		if ((void *)(ip + 1) > end || ip->ihl < 5 || ip->protocol != IPPROTO_TCP)
			return XDP_PASS;
		if (ip->frag_off & bpf_htons(IP_FRAGMENT_OFFSET))
			return XDP_PASS;
		tcp = (void *)ip + ip->ihl * 4;
	} else if (eth->h_proto == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr *ip6 = (void *)(eth + 1);
		if ((void *)(ip6 + 1) > end || ip6->nexthdr != IPPROTO_TCP)
			return XDP_PASS;
		tcp = (void *)(ip6 + 1);
	} else {
		return XDP_PASS;
	}
	if ((void *)(tcp + 1) > end)
		return XDP_PASS;

	__u32 kind = kind_of(tcp);
	__u64 *count = bpf_map_lookup_elem(&flags, &kind);
	if (count)
		*count += 1;
	return XDP_PASS;
}

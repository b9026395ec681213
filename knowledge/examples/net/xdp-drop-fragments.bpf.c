// Drop pieces of fragmented IP packets, IPv4 and IPv6, and count them.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define IP_MORE_FRAGMENTS 0x2000
#define IP_FRAGMENT_OFFSET 0x1fff
#define IPV6_FRAGMENT_HEADER 44

enum { FAMILY_IPV4, FAMILY_IPV6, FAMILIES };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FAMILIES);
	__type(key, __u32);
	__type(value, __u64);
} fragments SEC(".maps");

static __always_inline int drop(__u32 family)
{
	__u64 *count = bpf_map_lookup_elem(&fragments, &family);

	if (count)
		*count += 1;
	return XDP_DROP;
}

SEC("xdp")
int drop_fragments(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;

	struct ethhdr *eth = data;
	if ((void *)(eth + 1) > end)
		return XDP_PASS;

	if (eth->h_proto == bpf_htons(ETH_P_IP)) {
		struct iphdr *ip = (void *)(eth + 1);
		if ((void *)(ip + 1) > end)
			return XDP_PASS;
		/* the first piece has offset 0 and says that more follow, the last has only an offset */
		if (ip->frag_off & bpf_htons(IP_MORE_FRAGMENTS | IP_FRAGMENT_OFFSET))
			return drop(FAMILY_IPV4);
	} else if (eth->h_proto == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr *ip6 = (void *)(eth + 1);
		if ((void *)(ip6 + 1) > end)
			return XDP_PASS;
		if (ip6->nexthdr == IPV6_FRAGMENT_HEADER)
			return drop(FAMILY_IPV6);
	}
	return XDP_PASS;
}

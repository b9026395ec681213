// Drop every IP packet whose source address is not in a list, IPv4 and IPv6.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd

/* in network byte order; IPv4 as ::ffff:a.b.c.d */
struct address {
	__be32 word[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct address);
	__type(value, __u64); /* packets let in */
} allowed SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64); /* packets dropped */
} refused SEC(".maps");

SEC("xdp")
int allow_listed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct address source = {};

	struct ethhdr *eth = data;
	if ((void *)(eth + 1) > end)
		return XDP_DROP;

	if (eth->h_proto == bpf_htons(ETH_P_IP)) {
		struct iphdr *ip = (void *)(eth + 1);
		if ((void *)(ip + 1) > end)
			return XDP_DROP;
		source.word[2] = bpf_htonl(0xffff);
		source.word[3] = ip->saddr;
	} else if (eth->h_proto == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr *ip6 = (void *)(eth + 1);
		if ((void *)(ip6 + 1) > end)
			return XDP_DROP;
		__builtin_memcpy(&source, &ip6->saddr, sizeof(source));
	} else {
		return XDP_PASS;
	}

	__u64 *packets = bpf_map_lookup_elem(&allowed, &source);
	if (packets) {
		__sync_fetch_and_add(packets, 1);
		return XDP_PASS;
	}

	__u32 zero = 0;
	__u64 *dropped = bpf_map_lookup_elem(&refused, &zero);
	if (dropped)
		*dropped += 1;
	return XDP_DROP;
}

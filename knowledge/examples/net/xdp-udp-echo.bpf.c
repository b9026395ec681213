// Answer UDP packets to port 7 at once by sending them back, without the network stack.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define IP_MORE_FRAGMENTS_OR_OFFSET 0x3fff
#define ECHO_PORT 7

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} answered SEC(".maps");

static __always_inline void swap_ends(struct ethhdr *eth, struct iphdr *ip, struct udphdr *udp)
{
	__u8 mac[6];
	__be32 address = ip->saddr;
	__be16 port = udp->source;

	__builtin_memcpy(mac, eth->h_source, sizeof(mac));
	__builtin_memcpy(eth->h_source, eth->h_dest, sizeof(mac));
	__builtin_memcpy(eth->h_dest, mac, sizeof(mac));
	ip->saddr = ip->daddr;
	ip->daddr = address;
	udp->source = udp->dest;
	udp->dest = port;
}

SEC("xdp")
int echo(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(udp + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;
	if (ip->ihl != 5 || ip->protocol != IPPROTO_UDP)
		return XDP_PASS;
	/* a piece of a larger packet has no complete datagram to answer */
	if (ip->frag_off & bpf_htons(IP_MORE_FRAGMENTS_OR_OFFSET))
		return XDP_PASS;
	if (udp->dest != bpf_htons(ECHO_PORT))
		return XDP_PASS;

	swap_ends(eth, ip, udp);

	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&answered, &zero);
	if (count)
		*count += 1;
	return XDP_TX;
}

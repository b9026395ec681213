// Spread IPv4 TCP connections over several servers by rewriting the Ethernet destination.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define IP_FRAGMENT_OFFSET 0x1fff
#define MAX_BACKENDS 64

struct backend {
	__u8 mac[6];
	__u8 padding[2];
	__u64 packets;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_BACKENDS);
	__type(key, __u32);
	__type(value, struct backend);
} backends SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} backend_count SEC(".maps");

/* the same for all packets of a connection; the multiplication spreads neighbouring ports */
static __always_inline __u32 hash_of(struct iphdr *ip, struct tcphdr *tcp)
{
	__u32 ports = ((__u32)tcp->source << 16) | tcp->dest;

	return ((ip->saddr ^ ip->daddr ^ ports) * 2654435761U) >> 8;
}

SEC("xdp")
int balance(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;

	struct ethhdr *eth = data;
	if ((void *)(eth + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;
	struct iphdr *ip = (void *)(eth + 1);
	if ((void *)(ip + 1) > end || ip->ihl < 5 || ip->protocol != IPPROTO_TCP)
		return XDP_PASS;
	if (ip->frag_off & bpf_htons(IP_FRAGMENT_OFFSET))
		return XDP_PASS;
	struct tcphdr *tcp = (void *)ip + ip->ihl * 4;
	if ((void *)(tcp + 1) > end)
		return XDP_PASS;

	__u32 zero = 0;
	__u32 *count = bpf_map_lookup_elem(&backend_count, &zero);
	if (!count || *count == 0 || *count > MAX_BACKENDS)
		return XDP_PASS;

	__u32 chosen = hash_of(ip, tcp) % *count;
	struct backend *to = bpf_map_lookup_elem(&backends, &chosen);
	if (!to)
		return XDP_PASS;

	__builtin_memcpy(eth->h_source, eth->h_dest, sizeof(eth->h_source));
	__builtin_memcpy(eth->h_dest, to->mac, sizeof(eth->h_dest));
	__sync_fetch_and_add(&to->packets, 1);
	return XDP_TX;
}

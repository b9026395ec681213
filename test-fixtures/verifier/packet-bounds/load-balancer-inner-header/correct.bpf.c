#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char _license[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define MAX_SERVERS 64

struct vip {
	__be32 addr;
	__be16 port;
	__u8 proto;
	__u8 pad;
};

struct server {
	__be32 addr;
	__u8 mac[6];
};

struct lb_stats {
	__u64 packets;
	__u64 bytes;
	__u64 misses;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, struct vip);
	__type(value, __u32);
} vips SEC(".maps");
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, struct server);
    __uint(max_entries, 64);
} servers SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lb_stats);
} lb_counters SEC(".maps");

static __always_inline void count(__u64 bytes, int miss)
{
	__u32 zero = 0;
	struct lb_stats *s = bpf_map_lookup_elem(&lb_counters, &zero);

	if (!s)
		return;
	s->packets++;
	s->bytes += bytes;
	if (miss)
		s->misses++;
}

static __always_inline int ports_of(struct iphdr *ip, void *end, struct vip *v)
{
	if (ip->protocol == IPPROTO_TCP) {
		struct tcphdr *tcp = (void *)(ip + 1);
		if ((void *)(tcp + 1) > end)
			return -1;
		v->port = tcp->dest;
	} else if (ip->protocol == IPPROTO_UDP) {
		struct udphdr *udp = (void *)(ip + 1);
		if ((void *)(udp + 1) > end)
			return -1;
		v->port = udp->dest;
	} else if (ip->protocol == IPPROTO_ICMP) {
		struct icmphdr *icmp = (void *)(ip + 1);
		if ((void *)(icmp + 1) > end)
			return -1;
		if (icmp->type != 3)
			return -1;
		struct iphdr *quoted = (void *)(icmp + 1);
		if ((void *)(quoted + 1) > end)
			return -1;
		v->addr = quoted->saddr;
		v->port = 0;
	} else {
		return -1;
	}
	return 0;
}

SEC("xdp")
int balance(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct vip v = {};
	struct server *s;
	__u32 *base, at;

	if ((void *)(ip + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;
	if (ip->ihl != 5)
		return XDP_PASS;
	v.addr = ip->daddr;
	v.proto = ip->protocol;
	if (ports_of(ip, end, &v))
		return XDP_PASS;
	base = bpf_map_lookup_elem(&vips, &v);
	if (!base) {
		count(end - data, 1);
		return XDP_PASS;
	}
	at = (*base + (ip->saddr & 7)) % MAX_SERVERS;
	s = bpf_map_lookup_elem(&servers, &at);
	if (!s)
		return XDP_DROP;
	__builtin_memcpy(eth->h_dest, s->mac, 6);
	count(end - data, 0);
	return XDP_TX;
}

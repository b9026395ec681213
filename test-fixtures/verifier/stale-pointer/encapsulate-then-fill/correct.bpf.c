#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char LICENSE[] SEC("license") = "GPL";

struct tunnel {
	__be32 local;
	__be32 remote;
	__u8 smac[6];
	__u8 dmac[6];
};
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __be32);
    __type(value, struct tunnel);
    __uint(max_entries, 64);
} tunnels SEC(".maps");

static __always_inline __u16 fold(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static __always_inline void outer(struct iphdr *ip, const struct tunnel *t, __u16 inner)
{
	__u16 *w = (__u16 *)ip;
	__u32 sum = 0;

	ip->version = 4;
	ip->ihl = 5;
	ip->tos = 0;
	ip->tot_len = bpf_htons(inner + sizeof(*ip));
	ip->id = 0;
	ip->frag_off = 0;
	ip->ttl = 64;
	ip->protocol = 4;
	ip->check = 0;
	ip->saddr = t->local;
	ip->daddr = t->remote;
	for (int i = 0; i < 10; i++)
		sum += w[i];
	ip->check = fold(sum);
}

SEC("xdp")
int encap(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct tunnel fallback = { .local = bpf_htonl(0x0a000001), .remote = bpf_htonl(0x0a000009) };
	struct tunnel *t;
	__be32 dst;
	__u16 len;

	if ((void *)(ip + 1) > end || eth->h_proto != bpf_htons(0x0800))
		return XDP_PASS;
	dst = ip->daddr;
	len = bpf_ntohs(ip->tot_len);
	t = bpf_map_lookup_elem(&tunnels, &dst);
	if (!t)
		t = &fallback;
	if (bpf_xdp_adjust_head(ctx, -(int)sizeof(*ip)))
		return XDP_DROP;
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	eth = data;
	ip = data + sizeof(*eth);
	if ((void *)(ip + 1) > end)
		return XDP_DROP;
	__builtin_memcpy(eth->h_source, t->smac, 6);
	__builtin_memcpy(eth->h_dest, t->dmac, 6);
	eth->h_proto = bpf_htons(0x0800);
	outer(ip, t, len);
	return XDP_TX;
}

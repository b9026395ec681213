#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct quic_long {
	__u8 first;
	__be32 version;
	__u8 dcid_len;
} __attribute__((packed));

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, __u32);
} cids SEC(".maps");

static __always_inline int is_long(const struct quic_long *q)
{
	return (q->first & 0xc0) == 0xc0 && q->version == bpf_htonl(1);
}

SEC("xdp")
int quic_cid(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	struct udphdr *udp = (void *)(ip + 1);
	struct quic_long *q = (void *)(udp + 1);
	__u64 cid;

	if ((void *)(q + 1) > data_end)
		return XDP_PASS;
	if (ip->protocol != IPPROTO_UDP || udp->dest != bpf_htons(443) || !is_long(q))
		return XDP_PASS;
	if (q->dcid_len != 8)
		return XDP_PASS;
	if ((void *)(q + 1) + 8 > data_end)
		return XDP_PASS;
	__builtin_memcpy(&cid, q + 1, sizeof(cid));
	if (bpf_map_lookup_elem(&cids, &cid))
		return XDP_PASS;
	return XDP_DROP;
}

char _license[] SEC("license") = "GPL";

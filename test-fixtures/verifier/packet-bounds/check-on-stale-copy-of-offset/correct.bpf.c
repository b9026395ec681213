#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct arp_v4 {
	__u8 sha[6];
	__u8 sip[4];
	__u8 tha[6];
	__u8 tip[4];
} __attribute__((packed));

struct cursor {
	void *pos;
	void *end;
};

static __always_inline void *pull(struct cursor *c, __u32 len)
{
	void *p = c->pos;

	if (p + len > c->end)
		return NULL;
	c->pos = p + len;
	return p;
}

#define PULL(c, type) ((type *)pull((c), sizeof(type)))
#define PEEK(c, type) ((type *)(c)->pos)

SEC("xdp")
int arp_spoof(struct xdp_md *ctx)
{
	struct cursor c = {
		.pos = (void *)(long)ctx->data,
		.end = (void *)(long)ctx->data_end,
	};
	struct ethhdr *eth = PULL(&c, struct ethhdr);
	struct arphdr *arp;
	struct arp_v4 *body;

	if (!eth || eth->h_proto != bpf_htons(0x0806))
		return XDP_PASS;
	arp = PULL(&c, struct arphdr);
	if (!arp)
		return XDP_PASS;
	body = PULL(&c, struct arp_v4);
	if (!body)
		return XDP_PASS;
	if (arp->ar_op == bpf_htons(1) && body->sha[0] == 2)
		return XDP_DROP;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";

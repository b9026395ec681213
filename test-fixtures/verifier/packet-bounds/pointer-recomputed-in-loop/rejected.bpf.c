#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char _license[] SEC("license") = "GPL";
#define MAX_TAGS 3
struct tag { __be16 tci; __be16 next; };
struct found { __be16 proto; __u16 tags; };
struct counts_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 256);
} counts SEC(".maps");

static __always_inline int skip_tags(void *data, void *end, __u64 *off, struct found *f)
{
	int i;

	for (i = 0; i < MAX_TAGS; i++) {
		struct tag *t = data + *off;

		if (f->proto != bpf_htons(0x8100) && f->proto != bpf_htons(0x88a8))
			break;
		if ((void *)(t + 1) > end)
			return -1;
		f->proto = t->next;
		f->tags++;
		*off += sizeof(*t);
	}
	return 0;
}

SEC("xdp")
int dscp(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct found f = {};
	__u64 off = sizeof(*eth), *n;
	struct iphdr *ip;
	__u32 key;

	if (data + off > end)
		return XDP_PASS;
	f.proto = eth->h_proto;
	if (skip_tags(data, end, &off, &f))
		return XDP_PASS;
	if (f.proto != bpf_htons(0x0800))
		return XDP_PASS;
	ip = data + off;
	key = ip->tos >> 2;
	n = bpf_map_lookup_elem(&counts, &key);
	if (n)
		__sync_fetch_and_add(n, 1);
	return XDP_PASS;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
const char _license[] SEC("license") = "GPL";
struct vlan_tag { __be16 tci; __be16 proto; };
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} talkers SEC(".maps");

SEC("xdp")
int talkers_by_ip(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip;
	__u64 off = sizeof(*eth), one = 1;
	__be16 proto;

	if (data + sizeof(*eth) + sizeof(struct iphdr) > end)
		return XDP_PASS;
	proto = eth->h_proto;
	if (proto == bpf_htons(0x8100)) {
		proto = ((struct vlan_tag *)(eth + 1))->proto;
		off += sizeof(struct vlan_tag);
	}
	if (proto != bpf_htons(0x0800))
		return XDP_PASS;
	ip = data + off;
	if ((void *)(ip + 1) > end)
		return XDP_PASS;
	__u32 addr = ip->daddr;
	bpf_map_update_elem(&talkers, &addr, &one, BPF_ANY);
	return XDP_PASS;
}

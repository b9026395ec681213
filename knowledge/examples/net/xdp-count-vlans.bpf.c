// Count received packets and bytes for each VLAN, and those without a VLAN tag.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_8021Q 0x8100
#define ETH_P_8021AD 0x88a8
#define VLAN_NUMBER 0x0fff

struct vlan_tag {
	__be16 control; /* 3 bits priority, 1 bit drop eligible, 12 bits number */
	__be16 next_protocol;
};

struct counter {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, VLAN_NUMBER + 1);
	__type(key, __u32);
	__type(value, struct counter);
} vlans SEC(".maps");

SEC("xdp")
int count_vlans(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	__u32 number = 0;

	struct ethhdr *eth = data;
	if ((void *)(eth + 1) > end)
		return XDP_PASS;

	if (eth->h_proto == bpf_htons(ETH_P_8021Q) || eth->h_proto == bpf_htons(ETH_P_8021AD)) {
		struct vlan_tag *tag = (void *)(eth + 1);
		if ((void *)(tag + 1) > end)
			return XDP_PASS;
		number = bpf_ntohs(tag->control) & VLAN_NUMBER;
	}

	struct counter *c = bpf_map_lookup_elem(&vlans, &number);
	if (c) {
		c->packets++;
		c->bytes += end - data;
	}
	return XDP_PASS;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct arp_msg {
	__be16 hw, proto;
	__u8 hlen, plen;
	__be16 op;
	__u8 sha[6];
	__be32 spa;
	__u8 tha[6];
	__be32 tpa;
} __attribute__((packed));

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, 256);
} senders SEC(".maps");

SEC("xdp")
int arp_watch(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;
	struct arp_msg *arp = data + sizeof(*eth);
	__u64 one = 1;

	if ((void *)(arp + 1) > data_end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(0x0806))
		return XDP_PASS;
	__u32 who = arp->spa;
	bpf_map_update_elem(&senders, &who, &one, BPF_ANY);
	return XDP_PASS;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define ETH_P_IP 0x0800

struct stats {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct stats);
} by_source SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct stats);
} by_dest SEC(".maps");

SEC("xdp")
int count_flow(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *iph;
	struct stats *src, *dst;
	__u32 saddr, daddr;
	__u64 len = data_end - data;

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;
	iph = (void *)(eth + 1);
	if ((void *)(iph + 1) > data_end)
		return XDP_PASS;

	saddr = iph->saddr;
	daddr = iph->daddr;

	src = bpf_map_lookup_elem(&by_source, &saddr);
	if (!src)
		return XDP_PASS;
	__sync_fetch_and_add(&src->packets, 1);
	__sync_fetch_and_add(&src->bytes, len);

	dst = bpf_map_lookup_elem(&by_dest, &daddr);
	if (!src)
		return XDP_PASS;
	__sync_fetch_and_add(&dst->packets, 1);
	__sync_fetch_and_add(&dst->bytes, len);

	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";

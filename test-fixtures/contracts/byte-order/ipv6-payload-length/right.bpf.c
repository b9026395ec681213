#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 1); __type(key, u32); __type(value, u64); } v6_bytes SEC(".maps");

SEC("xdp")
int v6_volume(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct ipv6hdr *ip6 = data + sizeof(struct ethhdr);
	u32 k = 0;

	if ((void *)(ip6 + 1) > end || eth->h_proto != bpf_htons(0x86dd))
		return XDP_PASS;
	u64 *sum = bpf_map_lookup_elem(&v6_bytes, &k);
	if (sum)
		*sum += bpf_ntohs(ip6->payload_len);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u64);
} eth_kinds SEC(".maps");

SEC("xdp")
int eth_stats(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u32 kind = 2;
	__u64 *n;

	if ((void *)(eth + 1) < end)
		return XDP_DROP;

	if (eth->h_proto == bpf_htons(0x0800))
		kind = 0;
	else if (eth->h_proto == bpf_htons(0x86dd))
		kind = 1;
	n = bpf_map_lookup_elem(&eth_kinds, &kind);
	if (n)
		*n += 1;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";

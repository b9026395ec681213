#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct settings {
	__u32 enabled;
	__u32 sample;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct settings);
} settings_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 256);
	__type(key, __u8);
	__type(value, __u64);
} proto_count SEC(".maps");

SEC("xdp")
int per_proto(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct settings *cfg;
	__u64 *count;
	__u32 zero = 0;
	__u8 proto;

	if ((void *)(ip + 1) > data_end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(0x0800))
		return XDP_PASS;

	proto = ip->protocol;
	cfg = bpf_map_lookup_elem(&settings_map, &zero);
	count = bpf_map_lookup_elem(&proto_count, &proto);
	if (!cfg)
		return XDP_PASS;
	if (cfg->enabled)
		return XDP_DROP;
	*count += 1;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";

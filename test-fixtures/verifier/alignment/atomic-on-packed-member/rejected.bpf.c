#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct port_stat {
	__u32 id;
	__u64 packets;
} __attribute__((packed));
struct stats_by_port_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, struct port_stat);
	__uint(max_entries, 128);
} stats_by_port SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 q = ctx->rx_queue_index;
	struct port_stat *s = bpf_map_lookup_elem(&stats_by_port, &q);

	if (s)
		__sync_fetch_and_add(&s->packets, 1);
	return XDP_PASS;
}

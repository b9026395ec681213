#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct event { __u64 key; __u64 queue; };
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("xdp")
int tell(struct xdp_md *ctx)
{
	__u32 key = ctx->ingress_ifindex;
	struct event e = {};

	e.key = (__u64)&key;
	e.queue = ctx->rx_queue_index;
	bpf_ringbuf_output(&events, &e, sizeof(e), 0);
	return XDP_PASS;
}

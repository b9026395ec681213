#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct meta { __u32 mark; __u32 queue; };

SEC("xdp")
int set_meta(struct xdp_md *ctx)
{
	struct meta *m;
	void *data;

	if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*m)))
		return XDP_PASS;
	m = (void *)(long)ctx->data_meta;
	data = (void *)(long)ctx->data_end;
	if ((void *)(m + 1) > data)
		return XDP_PASS;
	m->mark = 42;
	m->queue = ctx->rx_queue_index;
	return XDP_PASS;
}

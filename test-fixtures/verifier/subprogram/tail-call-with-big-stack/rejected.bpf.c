#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 4);
} next SEC(".maps");

static __noinline int go_on(struct xdp_md *ctx, __u32 to)
{
	bpf_tail_call(ctx, &next, to);
	return XDP_PASS;
}

SEC("xdp")
int first(struct xdp_md *ctx)
{
	volatile __u8 notes[300];

	notes[ctx->rx_queue_index & 63] = 1;
	return go_on(ctx, notes[ctx->ingress_ifindex & 63]);
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
__u64 mixed;

SEC("xdp")
int mix(struct xdp_md *ctx)
{
	__u64 h = ctx->rx_queue_index;

	for (int i = 0; i < 3000; i++)
		h = (h ^ i) * 0x9e3779b97f4a7c15ULL;
	mixed = h;
	return XDP_PASS;
}

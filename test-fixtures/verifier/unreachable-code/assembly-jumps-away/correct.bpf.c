#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
SEC("xdp")
int jump(struct xdp_md *ctx)
{
	int v = 2;

	asm volatile("if %0 == 7 goto +1\n %1 = 1" : : "r"(ctx->rx_queue_index), "r"(v));
	return v;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("xdp")
int jump_out(struct xdp_md *ctx)
{
	__u32 len = ctx->data_end - ctx->data;

	if (len < 14)
		return XDP_DROP;
	asm volatile("if %[l] > 1500 goto +40" :: [l] "r"(len));
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";

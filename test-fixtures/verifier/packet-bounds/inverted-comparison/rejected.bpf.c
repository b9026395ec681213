#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
const char _license[] SEC("license") = "GPL";
SEC("xdp")
int no_ping(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	void *start = (void *)(long)ctx->data;
	struct iphdr *iph = start + 14;

	if ((void *)(iph + 1) < end)
		return XDP_PASS;
	return iph->protocol == 1 ? XDP_DROP : XDP_PASS;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

static __always_inline int parse(void *data, void *end)
{
	struct ethhdr *eth = data;

	if ((void *)(eth + 1) > end)
		return -1;
	return eth->h_proto == bpf_htons(0x0806) ? XDP_DROP : XDP_PASS;
}

//@ ensures retval == XDP_DROP || retval == XDP_PASS
SEC("xdp")
int no_arp(struct xdp_md *ctx)
{
	return parse((void *)(long)ctx->data, (void *)(long)ctx->data_end);
}

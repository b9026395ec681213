#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char __license[] SEC("license") = "Dual MIT/GPL";
__noinline int is_dns(struct udphdr *udp)
{
	if (!udp)
		return 0;
	return udp->dest == bpf_htons(53);
}

SEC("xdp")
int drop_dns(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct udphdr *udp = data + 34;

	if (data + 36 > end)
		return XDP_PASS;
	return is_dns(udp) ? XDP_DROP : XDP_PASS;
}

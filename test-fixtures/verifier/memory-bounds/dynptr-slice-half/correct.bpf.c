#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char _license[] SEC("license") = "GPL";
extern int bpf_dynptr_from_xdp(struct xdp_md *x, u64 flags, struct bpf_dynptr *ptr__uninit) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *p, u32 offset, void *buffer__opt, u32 buffer__szk) __ksym;

SEC("xdp")
int slice(struct xdp_md *ctx)
{
	struct bpf_dynptr ptr;
	__u8 buf[sizeof(struct iphdr)];
	struct iphdr *ip;

	if (bpf_dynptr_from_xdp(ctx, 0, &ptr))
		return XDP_PASS;
	ip = bpf_dynptr_slice(&ptr, sizeof(struct ethhdr), buf, sizeof(buf));
	if (!ip)
		return XDP_PASS;
	return ip->daddr == bpf_htonl(0x0a000002) ? XDP_DROP : XDP_PASS;
}

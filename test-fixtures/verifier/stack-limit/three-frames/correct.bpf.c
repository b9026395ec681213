#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
__u64 out;

static __noinline __u64 level3(__u64 v)
{
	volatile __u64 t[8];

	t[v & 7] = v;
	return t[0];
}

static __noinline __u64 level2(__u64 v)
{
	volatile __u64 t[24];

	t[v & 7] = v;
	return level3(t[1]);
}

SEC("xdp")
int level1(struct xdp_md *ctx)
{
	volatile __u64 t[20];

	t[ctx->rx_queue_index & 15] = bpf_ktime_get_ns();
	out = level2(t[ctx->ingress_ifindex & 15]);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct acc { __u64 sum; __u32 step; };

static long add(__u32 i, struct acc *a, __u64 weight)
{
	a->sum += i * weight;
	return 0;
}

SEC("xdp")
int loop(struct xdp_md *ctx)
{
	struct acc a = { .step = 3 };

	bpf_loop(16, add, &a, 0);
	return a.sum > 100 ? XDP_PASS : XDP_DROP;
}

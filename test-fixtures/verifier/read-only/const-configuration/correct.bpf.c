#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
const volatile struct { __u32 sample_every; __u32 limit; } cfg = { 100, 10 };
__u32 n;

static __always_inline void halve(volatile __u32 *v)
{
	*v /= 2;
}

SEC("tp/sched/sched_switch")
int sw(void *ctx)
{
	if (++n % cfg.sample_every == 0)
		n += cfg.limit / 2;
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
SEC("tp/sched/sched_switch")
int sw(void *ctx)
{
	__u64 now;

	asm volatile("r6 = 1\n call 5\n r6 += r0\n %0 = r6" : "=r"(now) : : "r0", "r1", "r2", "r3", "r4", "r5", "r6");
	bpf_printk("%llu", now);
	return 0;
}

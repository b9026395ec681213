#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
__u32 buckets[32];

SEC("tp/syscalls/sys_enter_nanosleep")
int sleeps(struct trace_event_raw_sys_enter *ctx)
{
	unsigned long v = ctx->args[0] >> 3;

	if ((__u32)v < 32)
		buckets[v]++;
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
SEC("tp/syscalls/sys_enter_mmap")
int mapped(struct trace_event_raw_sys_enter *ctx)
{
	__u64 i = bpf_get_prandom_u32() & 3;
	unsigned long v = ctx->args[i];

	bpf_printk("%lx", v);
	return 0;
}

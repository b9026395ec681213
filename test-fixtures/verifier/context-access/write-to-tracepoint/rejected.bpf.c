#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
SEC("tp/syscalls/sys_enter_unlink")
int forbid(struct trace_event_raw_sys_enter *ctx)
{
	ctx->args[0] = 0;
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
const volatile int shift = 0;
int levels[8];

SEC("tracepoint/syscalls/sys_enter_setpriority")
int prio(struct trace_event_raw_sys_enter *ctx)
{
	int level = (int)ctx->args[2] - shift;

	if (level > 7)
		return 0;
	levels[level]++;
	return 0;
}

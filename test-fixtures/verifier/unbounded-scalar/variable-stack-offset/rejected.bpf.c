#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";

SEC("tp/syscalls/sys_enter_kill")
int sig(struct trace_event_raw_sys_enter *ctx)
{
	char names[64] = "hup int quit ill trap";
	__u64 pos = ctx->args[1] * 4;

	bpf_printk("%c", names[pos]);
	return 0;
}

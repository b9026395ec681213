#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
SEC("tp/syscalls/sys_enter_chdir")
int cd(struct trace_event_raw_sys_enter *ctx)
{
	char dir[64] = {};
	const char *from = (const char *)ctx->args[0];

	bpf_probe_read_user_str(from, sizeof(dir), dir);
	bpf_printk("cd %s", dir);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
SEC("tp/syscalls/sys_enter_write")
int first_byte(struct trace_event_raw_sys_enter *ctx)
{
	char c = 0;

	bpf_probe_read_user(&c, 1, (void *)ctx->args[1]);
	if (c == '!')
		bpf_printk("shout");
	return 0;
}

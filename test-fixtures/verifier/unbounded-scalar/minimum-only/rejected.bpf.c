#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char __license[] SEC("license") = "Dual MIT/GPL";
char line[256];

SEC("kprobe/tty_write_room")
int BPF_KPROBE(tty, void *t)
{
	bpf_printk("room");
	return 0;
}

SEC("tp/syscalls/sys_enter_write")
int wrote(struct trace_event_raw_sys_enter *ctx)
{
	__u64 n = ctx->args[2];

	if (n < 8)
		return 0;
	bpf_probe_read_user(line, n, (void *)ctx->args[1]);
	return 0;
}

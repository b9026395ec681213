#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
char __license[] SEC("license") = "Dual MIT/GPL";

SEC("uprobe//lib/x86_64-linux-gnu/libc.so.6:getenv")
int getenv_called(struct pt_regs *regs)
{
	const char *name = (const char *)PT_REGS_PARM1(regs);
	char what[8] = {};
	char got[8] = {};

	bpf_probe_read_user(got, sizeof(got), name);
	for (int i = 0; i < 4; i++)
		what[i] = got[i];
	bpf_printk("getenv %s", what);
	return 0;
}

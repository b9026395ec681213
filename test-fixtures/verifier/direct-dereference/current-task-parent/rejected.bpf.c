#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
char __license[] SEC("license") = "Dual MIT/GPL";

SEC("tracepoint/syscalls/sys_enter_openat")
int ppid(void *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	int parent;

	parent = task->real_parent->tgid;
	if (parent == 1)
		bpf_printk("opened by a child of init");
	return 0;
}

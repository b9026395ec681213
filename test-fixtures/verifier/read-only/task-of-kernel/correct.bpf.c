#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char _license[] SEC("license") = "GPL";
SEC("tp_btf/task_newtask")
int BPF_PROG(lower, struct task_struct *task, u64 clone_flags)
{
	if (task->tgid > 100000)
		bpf_printk("%d has %d", task->pid, task->static_prio);
	return 0;
}

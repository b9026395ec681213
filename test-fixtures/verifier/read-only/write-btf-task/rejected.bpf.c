#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u64 children;

SEC("tp_btf/sched_process_fork")
int BPF_PROG(set_flag, struct task_struct *parent, struct task_struct *child)
{
	children++;
	if (parent->pid == 1)
		return 0;
	child->flags |= 0x40;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

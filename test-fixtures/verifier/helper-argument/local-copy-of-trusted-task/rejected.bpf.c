#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
char __license[] SEC("license") = "Dual MIT/GPL";
extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;
__u64 kept;

SEC("tp_btf/task_newtask")
int BPF_PROG(newtask, struct task_struct *task, u64 flags)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	struct task_struct *held = bpf_task_acquire(leader);

	if (held) {
		kept += held->pid;
		bpf_task_release(held);
	}
	return 0;
}

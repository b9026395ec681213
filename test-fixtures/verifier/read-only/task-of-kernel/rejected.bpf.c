#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char _license[] SEC("license") = "GPL";
SEC("tp_btf/task_newtask")
int BPF_PROG(lower, struct task_struct *task, u64 clone_flags)
{
	if (task->tgid > 100000)
		task->static_prio = 139;
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u64 forks;

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_clone, struct task_struct *parent, struct task_struct *child)
{
	if (parent->tgid == child->tgid)
		return 0;
	__sync_fetch_and_add(&forks, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

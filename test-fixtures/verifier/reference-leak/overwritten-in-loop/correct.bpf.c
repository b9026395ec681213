#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char _license[] SEC("license") = "GPL";
extern struct task_struct *bpf_task_from_pid(s32 pid) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;
u64 utime_sum;

SEC("tp_btf/sched_process_fork")
int BPF_PROG(sum, struct task_struct *parent, struct task_struct *child)
{
	struct task_struct *t;
	int i;

	for (i = 1; i < 4; i++) {
		t = bpf_task_from_pid(i);
		if (!t)
			continue;
		utime_sum += t->utime;
		bpf_task_release(t);
	}
	return 0;
}

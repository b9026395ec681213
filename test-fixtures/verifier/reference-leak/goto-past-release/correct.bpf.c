#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>
char __license[] SEC("license") = "Dual MIT/GPL";
extern struct task_struct *bpf_task_from_pid(s32 pid) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;
__u32 seen_nice;

SEC("tp_btf/sched_process_exit")
int BPF_PROG(look_at_init, struct task_struct *p)
{
	struct task_struct *init = bpf_task_from_pid(1);
	int err = -3;

	if (!init)
		goto out;
	err = -1;
	if (init->static_prio < 100)
		goto put;
	seen_nice++;
	err = 0;
put:
	bpf_task_release(init);
out:
	return err;
}

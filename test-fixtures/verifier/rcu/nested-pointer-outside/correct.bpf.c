#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char LICENSE[] SEC("license") = "GPL";
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;
__s32 ppid;

SEC("iter.s/task")
int parents(struct bpf_iter__task *ctx)
{
	struct task_struct *t = bpf_get_current_task_btf(), *parent;

	bpf_rcu_read_lock();
	parent = bpf_task_acquire(t->real_parent);
	bpf_rcu_read_unlock();
	if (!parent)
		return 0;
	ppid = parent->pid;
	bpf_task_release(parent);
	return 0;
}

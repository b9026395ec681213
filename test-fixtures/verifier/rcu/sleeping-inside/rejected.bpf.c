#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

SEC("iter.s/task")
int peek(struct bpf_iter__task *ctx)
{
	struct task_struct *t = bpf_get_current_task_btf();
	char c;

	bpf_rcu_read_lock();
	__s32 tgid = t->real_parent->tgid;
	bpf_copy_from_user(&c, 1, (void *)0x400000UL);
	bpf_rcu_read_unlock();
	bpf_printk("%d %d", tgid, c);
	return 0;
}

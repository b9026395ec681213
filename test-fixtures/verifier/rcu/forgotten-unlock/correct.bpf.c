#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
__u64 n;

SEC("tp_btf/sched_process_exec")
int exec(__u64 *ctx)
{
	struct task_struct *t = bpf_get_current_task_btf();

	bpf_rcu_read_lock();
	if (t->real_parent->pid == 1)
		goto out;
	n++;
out:
	bpf_rcu_read_unlock();
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
SEC("tp_btf/sched_wakeup")
int wake(unsigned long long *ctx)
{
	struct task_struct *p = (void *)ctx[0];
	bpf_printk("woke %d on %d", p->pid, p->wake_cpu);
	return 0;
}

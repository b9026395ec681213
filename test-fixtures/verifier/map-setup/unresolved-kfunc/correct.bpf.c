#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
extern int bpf_task_get_mood(struct task_struct *p) __ksym __weak;

SEC("tp_btf/sched_process_exit")
int mood(__u64 *ctx)
{
	struct task_struct *p = (void *)ctx[0];

	if (!bpf_task_get_mood)
		return 0;
	return bpf_task_get_mood(p) > 3;
}

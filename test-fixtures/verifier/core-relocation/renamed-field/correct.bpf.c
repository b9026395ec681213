#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct task_struct___5_10 {
	volatile long state_of_task;
	int pid;
} __attribute__((preserve_access_index));

__u64 running, sleeping;

SEC("tracepoint/sched/sched_switch")
int old_state(void *ctx)
{
	struct task_struct___5_10 *t = (void *)bpf_get_current_task();
	struct task_struct *now = (void *)t;
	long state;

	state = BPF_CORE_READ(now, __state);
	if (state == 0)
		running++;
	else
		sleeping++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

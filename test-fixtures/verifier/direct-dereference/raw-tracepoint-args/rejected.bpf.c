#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
char __license[] SEC("license") = "Dual MIT/GPL";
__u64 exits[2];

SEC("raw_tracepoint/sched_process_exit")
int process_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *p = (struct task_struct *)ctx->args[0];
	int leader = p->pid == p->tgid;

	if (leader)
		exits[1]++;
	else
		exits[0]++;
	return 0;
}

// Print every process with its parent, user and name, by walking the kernel's list of tasks.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

SEC("iter/task")
int list(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *task = ctx->task;

	if (ctx->meta->seq_num == 0)
		BPF_SEQ_PRINTF(seq, "%8s %8s %8s %s\n", "PID", "PARENT", "UID", "COMM");
	/* after the last task the program is called once more, without one */
	if (!task || task->pid != task->tgid)
		return 0;

	BPF_SEQ_PRINTF(seq, "%8d %8d %8d %s\n", task->tgid, task->real_parent->tgid,
		       task->cred->uid.val, task->comm);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
SEC("iter/task")
int dump(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *t = ctx->task;
	static const char fmt[] = "%d\n";
	__u64 args[1];

	if (!t)
		return 0;
	args[0] = t->pid;
	return bpf_seq_printf(seq, fmt, sizeof(fmt), args, sizeof(args));
}

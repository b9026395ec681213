#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
SEC("iter.s/task")
int args_of(struct bpf_iter__task *ctx)
{
	struct task_struct *t = ctx->task;
	char first[8] = {};

	if (!t || !t->mm)
		return 0;
	bpf_copy_from_user_task(first, sizeof(first), (void *)t->mm->arg_start, t, 0);
	bpf_printk("%s", first);
	return 0;
}

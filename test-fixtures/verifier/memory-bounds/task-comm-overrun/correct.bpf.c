#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
__u32 hash_of_comm;

SEC("tp_btf/sched_process_exit")
int bye(__u64 *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[0];
	__u32 h = 0;

	for (int i = 0; i < 16; i++)
		h = h * 31 + task->comm[i];
	hash_of_comm = h;
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
char LICENSE[] SEC("license") = "GPL";
__u32 depth;

SEC("tp/sched/sched_process_exec")
int ancestors(void *ctx)
{
	struct task_struct *t = (void *)bpf_get_current_task();
	__u32 n = 0;

	while (BPF_CORE_READ(t, pid) != 1) {
		t = BPF_CORE_READ(t, real_parent);
		n++;
	}
	depth = n;
	return 0;
}

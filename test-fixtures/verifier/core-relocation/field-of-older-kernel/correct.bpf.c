#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
const char _license[] SEC("license") = "GPL";
struct task_struct___new { unsigned int __state; } __attribute__((preserve_access_index));
__u64 running;

SEC("tp/sched/sched_switch")
int sw(void *ctx)
{
	struct task_struct___new *t = (void *)bpf_get_current_task();

	if (BPF_CORE_READ(t, __state) == 0)
		running++;
	return 0;
}

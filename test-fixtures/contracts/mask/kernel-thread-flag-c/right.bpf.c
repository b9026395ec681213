#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define PF_KTHREAD 0x00200000

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} kernel_threads SEC(".maps");

SEC("tp/sched/sched_wakeup_new")
int on_new(void *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u32 flags = BPF_CORE_READ(task, flags);
	__u32 zero = 0;
	__u64 *n;

	if (!(flags & PF_KTHREAD))
		return 0;
	//@ assert (flags & 0x200000) != 0
	n = bpf_map_lookup_elem(&kernel_threads, &zero);
	if (n)
		__sync_fetch_and_add(n, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

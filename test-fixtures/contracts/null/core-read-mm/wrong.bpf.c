#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u64);
} peak SEC(".maps");

SEC("tp/sched/sched_process_exit")
int at_exit(void *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;

	//@ assert mm != 0
	__u64 pages = BPF_CORE_READ(mm, hiwater_rss);
	bpf_map_update_elem(&peak, &tgid, &pages, BPF_ANY);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u32);
} threads SEC(".maps");

SEC("tp/task/task_newtask")
int born(struct trace_event_raw_task_newtask *ctx)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32, one = 1;
	__u32 *n = bpf_map_lookup_elem(&threads, &tgid);

	if (n)
		__sync_fetch_and_add(n, 1);
	else
		bpf_map_update_elem(&threads, &tgid, &one, BPF_NOEXIST);
	return 0;
}

SEC("tp/sched/sched_process_exit")
int gone(void *ctx)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	__u32 *n = bpf_map_lookup_elem(&threads, &tgid);

	if (!n)
		return 0;
	*n = *n - 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

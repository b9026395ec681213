// Count the child processes and threads that each process starts.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define CLONE_THREAD 0x00010000

struct started {
	__u64 processes;
	__u64 threads;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32); /* process id */
	__type(value, struct started);
} children SEC(".maps");

SEC("tracepoint/task/task_newtask")
int on_new_task(struct trace_event_raw_task_newtask *ctx)
{
	/* the event happens in the parent: ctx->pid would be the new task */
	__u32 parent = bpf_get_current_pid_tgid() >> 32;
	struct started *s = bpf_map_lookup_elem(&children, &parent);

	if (!s) {
		struct started none = {};
		bpf_map_update_elem(&children, &parent, &none, BPF_NOEXIST);
		s = bpf_map_lookup_elem(&children, &parent);
		if (!s)
			return 0;
	}
	__sync_fetch_and_add(ctx->clone_flags & CLONE_THREAD ? &s->threads : &s->processes, 1);
	return 0;
}

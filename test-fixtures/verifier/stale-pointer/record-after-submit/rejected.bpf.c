#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct ev { __u32 pid; __u32 flags; };
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} evs SEC(".maps");
__u32 last_pid;

SEC("tp/sched/sched_process_fork")
int forked(struct trace_event_raw_sched_process_fork *ctx)
{
	struct ev *e = bpf_ringbuf_reserve(&evs, sizeof(*e), 0);

	if (!e)
		return 0;
	e->pid = ctx->child_pid;
	e->flags = 1;
	bpf_ringbuf_submit(e, 0);
	last_pid = *(volatile __u32 *)&e->pid;
	return 0;
}

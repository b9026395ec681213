#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct fork_event {
	__u32 parent;
	__u32 child;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} rb SEC(".maps");

const volatile int min_pid = 0;
volatile int debug = 0;
__u64 dropped;

SEC("tracepoint/sched/sched_process_fork")
int on_fork(struct trace_event_raw_sched_process_fork *ctx)
{
	struct fork_event *e;

	if (ctx->parent_pid < min_pid)
		return 0;

	e = bpf_ringbuf_reserve(&rb, sizeof(*e), 0);
	if (debug && !e) {
		bpf_printk("ring buffer full");
		__sync_fetch_and_add(&dropped, 1);
		return 0;
	}

	e->parent = ctx->parent_pid;
	e->child = ctx->child_pid;
	bpf_get_current_comm(&e->comm, sizeof(e->comm));
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

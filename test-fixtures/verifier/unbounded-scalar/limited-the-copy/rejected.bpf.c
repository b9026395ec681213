#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define ARGSIZE 64

struct event {
	__u32 pid;
	__u32 size;
	char args[ARGSIZE];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} rb SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_write")
int prefix_copy(struct trace_event_raw_sys_enter *ctx)
{
	const char *buf = (const char *)ctx->args[1];
	__u64 count = ctx->args[2];
	struct event *e;
	__u32 size;

	if (!count)
		return 0;
	e = bpf_ringbuf_reserve(&rb, sizeof(*e), 0);
	if (!e)
		return 0;

	e->pid = bpf_get_current_pid_tgid() >> 32;
	size = count < ARGSIZE ? count : ARGSIZE;
	e->size = size;
	bpf_probe_read_user(e->args, count, buf);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

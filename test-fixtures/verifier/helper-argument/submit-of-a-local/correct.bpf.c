#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct kill_event {
	__u32 from;
	__u32 to;
	int sig;
	int pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} kills SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_kill")
int on_kill(struct trace_event_raw_sys_enter *ctx)
{
	struct kill_event ev = {};

	ev.from = bpf_get_current_pid_tgid() >> 32;
	ev.to = (__u32)ctx->args[0];
	ev.sig = (int)ctx->args[1];
	if (ev.sig == 0)
		return 0;

	bpf_ringbuf_output(&kills, &ev, sizeof(ev), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

// Report each fatal signal (KILL, TERM, SEGV, ABRT) with sender and target, through a ring buffer.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define SIGABRT 6
#define SIGKILL 9
#define SIGSEGV 11
#define SIGTERM 15

struct event {
	__u32 sender_pid;
	__s32 target_pid;
	__s32 signal;
	__s32 result; /* 0 = delivered, 1 = ignored, 2 = already pending */
	char sender[16];
	char target[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} events SEC(".maps");

SEC("tracepoint/signal/signal_generate")
int log_signal(struct trace_event_raw_signal_generate *ctx)
{
	int sig = ctx->sig;

	if (sig != SIGABRT && sig != SIGKILL && sig != SIGSEGV && sig != SIGTERM)
		return 0;

	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e)
		return 0;

	e->sender_pid = bpf_get_current_pid_tgid() >> 32;
	e->target_pid = ctx->pid;
	e->signal = sig;
	e->result = ctx->result;
	bpf_get_current_comm(e->sender, sizeof(e->sender));
	bpf_probe_read_kernel_str(e->target, sizeof(e->target), ctx->comm);

	bpf_ringbuf_submit(e, 0);
	return 0;
}

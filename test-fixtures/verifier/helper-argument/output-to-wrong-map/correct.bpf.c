#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8192);
} events SEC(".maps");
struct ev { __u32 pid; __u32 sig; };

SEC("tracepoint/signal/signal_deliver")
int deliver(struct trace_event_raw_signal_deliver *ctx)
{
	struct ev e = { .pid = bpf_get_current_pid_tgid() >> 32, .sig = ctx->sig };

	bpf_ringbuf_output(&events, &e, sizeof(e), 0);
	return 0;
}

// Report each packet the kernel drops with the reason, the dropping function and its protocol.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct event {
	__u64 location;
	__u32 reason;
	__u16 protocol;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} drops SEC(".maps");

SEC("tracepoint/skb/kfree_skb")
int on_drop(struct trace_event_raw_kfree_skb *ctx)
{
	struct event *e = bpf_ringbuf_reserve(&drops, sizeof(*e), 0);
	if (!e)
		return 0;

	e->location = (__u64)ctx->location;
	e->reason = ctx->reason;
	e->protocol = ctx->protocol; /* the tracepoint has already turned it into host order */
	bpf_ringbuf_submit(e, 0);
	return 0;
}

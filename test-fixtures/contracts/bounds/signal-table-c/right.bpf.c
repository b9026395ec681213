#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define SIGNALS 64

struct counts {
	__u32 by_signal[SIGNALS];
	__u32 other;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct counts);
} signals SEC(".maps");

SEC("tp/signal/signal_generate")
int on_signal(struct trace_event_raw_signal_generate *ctx)
{
	__u32 zero = 0;
	struct counts *c = bpf_map_lookup_elem(&signals, &zero);
	__u32 sig = ctx->sig;

	if (!c)
		return 0;
	if (sig >= 1 && sig <= SIGNALS)
		c->by_signal[(sig - 1) & (SIGNALS - 1)]++;
	else
		c->other++;
	return 0;
}

// Measure the time from raising a software interrupt to its handler, by kind, with the longest in microseconds.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define KINDS 10

struct delay {
	__u64 count;
	__u64 total_us;
	__u64 longest_us;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, KINDS);
	__type(key, __u32);
	__type(value, __u64); /* when it was raised, 0: not pending */
} raised SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, KINDS);
	__type(key, __u32);
	__type(value, struct delay);
} delays SEC(".maps");

SEC("tracepoint/irq/softirq_raise")
int on_raise(struct trace_event_raw_softirq *ctx)
{
	__u32 kind = ctx->vec;
	__u64 *since = bpf_map_lookup_elem(&raised, &kind);

	if (since && *since == 0)
		*since = bpf_ktime_get_ns();
	return 0;
}

SEC("tracepoint/irq/softirq_entry")
int on_entry(struct trace_event_raw_softirq *ctx)
{
	__u32 kind = ctx->vec;
	__u64 *since = bpf_map_lookup_elem(&raised, &kind);
	struct delay *d = bpf_map_lookup_elem(&delays, &kind);

	if (!since || !d || *since == 0)
		return 0;

	__u64 us = (bpf_ktime_get_ns() - *since) / 1000;
	*since = 0;
	d->count++;
	d->total_us += us;
	if (us > d->longest_us)
		d->longest_us = us;
	return 0;
}

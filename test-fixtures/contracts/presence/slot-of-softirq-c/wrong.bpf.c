#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct slot {
	__u64 stamp;
	__u64 n;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct slot);
} slots SEC(".maps");

SEC("tp/irq/softirq_raise")
int f(struct trace_event_raw_softirq *ctx)
{
	__u32 k = ctx->vec & 3;
	struct slot *s = bpf_map_lookup_elem(&slots, &k);

	if (s)
		s->stamp = bpf_ktime_get_ns();
	return 0;
}

SEC("tp/irq/softirq_entry")
int g(struct trace_event_raw_softirq *ctx)
{
	__u32 k = ctx->vec & 3;
	struct slot *s = bpf_map_lookup_elem(&slots, &k);
	__u64 stamp, d;

	if (!s)
		return 0;
	stamp = s->stamp;
	d = bpf_ktime_get_ns() - stamp;
	bpf_printk("raised %llu ns ago", d);
	return 0;
}

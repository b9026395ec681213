#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
#define VECTORS 10
struct per_vector { __u64 raised[VECTORS]; };
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct per_vector);
} counts SEC(".maps");

SEC("tp/irq/softirq_entry")
int softirq(struct trace_event_raw_softirq *ctx)
{
	__u32 k = 0;
	__u32 vec = ctx->vec;
	struct per_vector *c = bpf_map_lookup_elem(&counts, &k);

	if (c && vec < VECTORS)
		c->raised[vec]++;
	return 0;
}

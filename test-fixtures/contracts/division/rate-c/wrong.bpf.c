#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct meter {
	__u64 last;
	__u64 rate;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct meter);
} meters SEC(".maps");

SEC("xdp")
int meter_packets(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct meter *m = bpf_map_lookup_elem(&meters, &zero);
	__u64 now = bpf_ktime_get_ns();

	if (!m)
		return XDP_PASS;
	if (m->last) {
		__u64 ms = (now - m->last) / 1000000;
		m->rate = 8ULL * (ctx->data_end - ctx->data) / ms;
	}
	m->last = now;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";

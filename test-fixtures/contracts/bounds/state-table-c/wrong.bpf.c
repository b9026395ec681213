#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct table {
	__u64 entered[12];
	__u64 total;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct table);
} states SEC(".maps");

SEC("tp/sock/inet_sock_set_state")
int on_state(struct trace_event_raw_inet_sock_set_state *ctx)
{
	__u32 zero = 0;
	struct table *t = bpf_map_lookup_elem(&states, &zero);
	__u32 state = ctx->newstate;

	if (!t || state > 12)
		return 0;
	t->entered[state]++;
	t->total++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

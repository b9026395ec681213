#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct conn {
	__u64 opened;
	__u64 closed;
	__u32 state;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct conn);
} conns SEC(".maps");

SEC("tracepoint/sock/inet_sock_set_state")
int state_change(struct trace_event_raw_inet_sock_set_state *ctx)
{
	__u64 id = (__u64)ctx->skaddr;
	struct conn *c = bpf_map_lookup_elem(&conns, &id);
	volatile __u32 *state = &c->state;

	if (state == NULL)
		return 0;
	*state = ctx->newstate;
	return 0;
}

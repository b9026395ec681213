// Measure how long TCP connections stay in each state, as the sum in microseconds and the number of times.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define STATES 13

struct in_state {
	__u64 times;
	__u64 total_us;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);   /* address of the socket */
	__type(value, __u64); /* when it entered its state */
} entered SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, STATES);
	__type(key, __u32);
	__type(value, struct in_state);
} states SEC(".maps");

SEC("tracepoint/sock/inet_sock_set_state")
int on_change(struct trace_event_raw_inet_sock_set_state *ctx)
{
	__u64 sock = (__u64)ctx->skaddr;
	__u64 now = bpf_ktime_get_ns();
	__u32 old = ctx->oldstate;

	if (ctx->protocol != IPPROTO_TCP)
		return 0;

	__u64 *since = bpf_map_lookup_elem(&entered, &sock);
	struct in_state *s = bpf_map_lookup_elem(&states, &old);
	if (since && s) {
		s->times++;
		s->total_us += (now - *since) / 1000;
	}
	/* a closed socket's address may belong to another one soon */
	if (ctx->newstate == TCP_CLOSE)
		bpf_map_delete_elem(&entered, &sock);
	else
		bpf_map_update_elem(&entered, &sock, &now, BPF_ANY);
	return 0;
}

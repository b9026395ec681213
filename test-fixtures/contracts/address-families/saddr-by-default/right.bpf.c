#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define AF_INET6 10

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct in6_addr);
	__type(value, __u32);
} established SEC(".maps");

SEC("tracepoint/sock/inet_sock_set_state")
int on_state(struct trace_event_raw_inet_sock_set_state *ctx)
{
	struct in6_addr addr = {};
	__u32 one = 1;

	if (ctx->newstate != 1)
		return 0;
	if (ctx->family == AF_INET6)
		bpf_probe_read_kernel(&addr, sizeof(addr), ctx->daddr_v6);
	else
		__builtin_memcpy(&addr, ctx->daddr, 4);
	bpf_map_update_elem(&established, &addr, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

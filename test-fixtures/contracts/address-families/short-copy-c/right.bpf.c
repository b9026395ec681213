#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define AF_INET6 10

struct address {
	__u8 byte[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct address);
	__type(value, __u64);
} resent SEC(".maps");

SEC("tp/sock/inet_sk_error_report")
int on_error(struct trace_event_raw_inet_sk_error_report *ctx)
{
	struct address a = {};
	__u64 one = 1, *n;

	if (ctx->family != AF_INET6)
		return 0;
	bpf_probe_read_kernel(a.byte, sizeof(a.byte), ctx->daddr_v6);
	//@ assert forall i in 0..16 : a.byte[i] == ctx->daddr_v6[i]
	n = bpf_map_lookup_elem(&resent, &a);
	if (n)
		__sync_fetch_and_add(n, 1);
	else
		bpf_map_update_elem(&resent, &a, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

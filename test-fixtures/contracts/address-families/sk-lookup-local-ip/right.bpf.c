#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define AF_INET 2

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} wildcard SEC(".maps");

SEC("sk_lookup")
int watch(struct bpf_sk_lookup *ctx)
{
	u32 zero = 0;

	if (ctx->family == AF_INET && ctx->local_ip4 == 0) {
		u64 *n = bpf_map_lookup_elem(&wildcard, &zero);

		//@ assert ctx->family == AF_INET
		if (n)
			__sync_fetch_and_add(n, 1);
	}
	return SK_PASS;
}

char LICENSE[] SEC("license") = "GPL";

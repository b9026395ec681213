#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define BURST 1000000ULL

struct allowance {
	__u64 tokens;  /* bytes */
	__u64 filled;  /* ns */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct allowance);
} state SEC(".maps");

//@ invariant state[k] : state[k].tokens <= 1000000

SEC("tc")
int police(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct allowance *b = bpf_map_lookup_elem(&state, &zero);

	if (!b)
		return 2;
	__u64 now = bpf_ktime_get_ns();
	if (now > b->filled + 1000000000ULL) {
		b->tokens = BURST;
		b->filled = now;
	}
	b->tokens -= skb->len;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

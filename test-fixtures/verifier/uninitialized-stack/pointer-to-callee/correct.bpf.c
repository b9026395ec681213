#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct pair { __u64 a; __u64 b; };
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, struct pair);
    __type(value, __u64);
    __uint(max_entries, 128);
} pairs SEC(".maps");

static __noinline int first_half(struct __sk_buff *skb, struct pair *w)
{
	if (skb->len < 40)
		return -1;
	w->a = skb->hash;
	return 0;
}

SEC("cgroup_skb/egress")
int pairs_out(struct __sk_buff *skb)
{
	__u64 one = 1;
	struct pair w = {};

	if (first_half(skb, &w) == 0)
		bpf_map_update_elem(&pairs, &w, &one, BPF_ANY);
	return 1;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
struct rate_limit {
	struct bpf_spin_lock lock;
	__u32 tokens;
};
struct buckets_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, struct rate_limit);
	__uint(max_entries, 128);
} buckets SEC(".maps");

SEC("cgroup_skb/egress")
int limit(struct __sk_buff *skb)
{
	__u32 k = skb->ifindex;
	struct rate_limit *b = bpf_map_lookup_elem(&buckets, &k);

	if (!b)
		return 1;
	bpf_spin_lock(&b->lock);
	if (b->tokens == 0)
		return 0;
	b->tokens--;
	bpf_spin_unlock(&b->lock);
	return 1;
}

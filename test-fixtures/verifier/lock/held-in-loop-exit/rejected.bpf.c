#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
struct shard { struct bpf_spin_lock lock; __u32 used; __u32 max; };
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, struct shard);
    __uint(max_entries, 8);
} shards SEC(".maps");

static __always_inline int take(struct shard *s, __u32 want)
{
	int got = 0;

	bpf_spin_lock(&s->lock);
	if (s->used + want > s->max)
		return 0;
	s->used += want;
	got = 1;
	bpf_spin_unlock(&s->lock);
	return got;
}

SEC("cgroup_skb/ingress")
int admit(struct __sk_buff *skb)
{
	__u32 k = skb->hash & 7;
	struct shard *s = bpf_map_lookup_elem(&shards, &k);

	if (!s)
		return 1;
	return take(s, skb->len);
}

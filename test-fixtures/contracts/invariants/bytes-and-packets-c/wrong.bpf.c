#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct stats {
	__u32 packets;
	__u32 longest;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct stats);
} by_mark SEC(".maps");

//@ invariant by_mark[m] : by_mark[m].longest > 0 ==> by_mark[m].packets > 0

SEC("tc")
int stats(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;
	struct stats *s = bpf_map_lookup_elem(&by_mark, &mark);
	struct stats first = { .longest = skb->len };

	if (!s) {
		bpf_map_update_elem(&by_mark, &mark, &first, BPF_NOEXIST);
		return 0;
	}
	if (s->packets < 0xffffffff)
		s->packets++;
	if (skb->len > s->longest)
		s->longest = skb->len;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct slot {
	__u64 owner;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct slot);
} slots SEC(".maps");

SEC("cgroup_skb/ingress")
int keyed_by_skb(struct __sk_buff *skb)
{
	__u32 k = skb->protocol & 7;
	struct slot *s = bpf_map_lookup_elem(&slots, &k);

	if (!s)
		return 1;
	s->owner = (__u64)skb;
	s->bytes += skb->len;
	return 1;
}

char _license[] SEC("license") = "GPL";

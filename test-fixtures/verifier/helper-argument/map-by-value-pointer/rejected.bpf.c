#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u64);
	__type(value, __u64);
} per_mark SEC(".maps");

#define LOOKUP(map, k) ((__u64 *)bpf_map_lookup_elem(&(map), (void *)(long)(k)))

SEC("tc")
int tc_count(struct __sk_buff *skb)
{
	__u64 key = skb->mark;
	__u64 *v;

	v = LOOKUP(per_mark, key);
	if (v)
		*v += skb->len;
	return 0;
}

char _license[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} routes SEC(".maps");

SEC("tc")
int same_route(struct __sk_buff *skb)
{
	__u32 in = skb->ingress_ifindex, out = skb->ifindex;
	__u64 *a = bpf_map_lookup_elem(&routes, &in);
	__u64 *b = bpf_map_lookup_elem(&routes, &out);

	if (!a || !b)
		return 0;
	if (*a > *b)
		skb->mark = 1;
	return 0;
}

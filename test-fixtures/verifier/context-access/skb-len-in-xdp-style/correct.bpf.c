#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u64);
	__type(value, __u64);
} devs SEC(".maps");

SEC("tc")
int ingress_dev(struct __sk_buff *skb)
{
	__u64 key, *v;

	key = skb->ifindex;
	v = bpf_map_lookup_elem(&devs, &key);
	if (v)
		__sync_fetch_and_add(v, 1);
	return 0;
}

char _license[] SEC("license") = "GPL";

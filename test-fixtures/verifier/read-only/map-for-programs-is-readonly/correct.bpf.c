#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, __u64);
} limits SEC(".maps");
struct used_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 64);
} used SEC(".maps");

SEC("cgroup_skb/egress")
int take(struct __sk_buff *skb)
{
	__u32 k = skb->ifindex;
	__u64 *left = bpf_map_lookup_elem(&limits, &k);

	if (left && *left >= skb->len)
		bpf_map_update_elem(&used, &k, left, BPF_ANY);
	return 1;
}

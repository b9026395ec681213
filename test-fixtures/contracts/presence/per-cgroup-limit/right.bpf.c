#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 512);
	__type(key, __u64);
	__type(value, __u32);
} limits SEC(".maps"); /* longest packet allowed, by cgroup: that of the first one it got */

SEC("cgroup_skb/ingress")
int learn(struct __sk_buff *skb)
{
	__u64 cgroup = bpf_skb_cgroup_id(skb);
	__u32 len = skb->len;

	bpf_map_update_elem(&limits, &cgroup, &len, BPF_NOEXIST);
	return 1;
}

SEC("cgroup_skb/egress")
int limit_length(struct __sk_buff *skb)
{
	__u64 cgroup = bpf_skb_cgroup_id(skb);
	__u32 *entry = bpf_map_lookup_elem(&limits, &cgroup);
	__u32 limit = 0xffffffff;

	if (entry)
		limit = *entry;
	if (skb->len > limit) {
		//@ assert present(limits[cgroup])
		return 0;
	}
	return 1;
}

char LICENSE[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} per_cg SEC(".maps");

static __always_inline __u32 owner(struct __sk_buff *skb)
{
	return (__u32)bpf_get_current_ancestor_cgroup_id(1) + bpf_get_socket_uid(skb) + bpf_skb_cgroup_id(skb);
}

SEC("socket")
int sock_owner(struct __sk_buff *skb)
{
	__u32 uid = owner(skb);
	__u64 *v = bpf_map_lookup_elem(&per_cg, &uid);

	if (v)
		__sync_fetch_and_add(v, skb->len);
	return 0;
}

char _license[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u64);
} vlans SEC(".maps");

SEC("tc")
int by_vlan(struct __sk_buff *skb)
{
	__u32 tag = skb->vlan_tci & 0xffff;
	__u32 vlan = tag & 0xfff;
	__u64 *bytes;

	if (!skb->vlan_present)
		return 0;
	//@ assert (tag ^ vlan) % 4096 == 0
	bytes = bpf_map_lookup_elem(&vlans, &vlan);
	if (bytes)
		__sync_fetch_and_add(bytes, skb->len);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

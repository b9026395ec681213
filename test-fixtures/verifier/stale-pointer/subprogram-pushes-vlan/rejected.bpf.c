#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
const char _license[] SEC("license") = "GPL";
static __noinline int tag(struct __sk_buff *skb, __u16 id)
{
	if (skb->vlan_present)
		return 0;
	return bpf_skb_vlan_push(skb, bpf_htons(0x8100), id);
}

SEC("tc")
int tag_tcp(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + 14;

	if ((void *)(ip + 1) > end)
		return 0;
	if (ip->protocol != 6)
		return 0;
	if (tag(skb, 42) < 0)
		return 2;
	skb->mark = ip->ttl;
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __be32);  /* where the packet goes */
	__type(value, __u64);
} destinations SEC(".maps");

SEC("tc")
int out(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + 14;
	__u64 one = 1, *n;

	if (data + 34 > end || eth->h_proto != bpf_htons(0x0800))
		return 0;
	__be32 to = ip->daddr;
	//@ assert to == ip->daddr
	n = bpf_map_lookup_elem(&destinations, &to);
	if (n)
		__sync_fetch_and_add(n, 1);
	else
		bpf_map_update_elem(&destinations, &to, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

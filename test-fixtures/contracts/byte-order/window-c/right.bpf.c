#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} tiny_windows SEC(".maps");

SEC("tc")
int tiny(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct tcphdr *tcp = (void *)(ip + 1);
	u32 zero = 0;

	if ((void *)(tcp + 1) > end || eth->h_proto != bpf_htons(0x0800))
		return 0;
	if (ip->ihl != 5 || ip->protocol != IPPROTO_TCP)
		return 0;
	if (bpf_ntohs(tcp->window) < 64) {
		u64 *n = bpf_map_lookup_elem(&tiny_windows, &zero);
		if (n)
			__sync_fetch_and_add(n, 1);
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

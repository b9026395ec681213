#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

SEC("tc")
int mark_private(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (struct iphdr *)(eth + 1);

	if ((void *)(ip + 1) > data_end)
		return 0;
	if (eth->h_proto != bpf_htons(0x0800))
		return 0;

	if ((ip->daddr & 0xffff0000) == 0xc0a80000) {
		//@ assert ntohl(ip->daddr) >= 0xc0a80000 && ntohl(ip->daddr) <= 0xc0a8ffff
		skb->mark = 7;
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

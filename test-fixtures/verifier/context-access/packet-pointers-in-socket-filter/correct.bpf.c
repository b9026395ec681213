#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define ETH_P_ARP 0x0806

SEC("socket")
int only_arp(struct __sk_buff *skb)
{
	struct ethhdr eth;

	if (bpf_skb_load_bytes(skb, 0, &eth, sizeof(eth)) < 0)
		return 0;
	if (eth.h_proto != bpf_htons(ETH_P_ARP))
		return 0;
	return skb->len;
}

char _license[] SEC("license") = "GPL";

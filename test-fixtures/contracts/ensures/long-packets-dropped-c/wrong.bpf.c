#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define TC_ACT_OK 0
#define TC_ACT_SHOT 2

//@ requires ntohs(skb->protocol) == 0x0800 || ntohs(skb->protocol) == 0x86dd
//@ ensures skb->len > 1514 ==> retval == 2
SEC("tc")
int no_long_packets(struct __sk_buff *skb)
{
	if (skb->protocol == bpf_htons(0x86dd) && skb->len > 1514)
		return TC_ACT_SHOT;
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";

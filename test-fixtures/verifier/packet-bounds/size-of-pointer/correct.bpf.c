#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define TC_ACT_OK 0
#define TC_ACT_SHOT 2

SEC("tc")
int sip_filter(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip;

	if (data + sizeof(*eth) > data_end)
		return TC_ACT_OK;
	if (eth->h_proto != bpf_htons(0x0800))
		return TC_ACT_OK;

	ip = data + sizeof(*eth);
	if ((void *)ip + sizeof(*ip) > data_end)
		return TC_ACT_OK;

	switch (ip->protocol) {
	case IPPROTO_TCP:
		return TC_ACT_SHOT;
	case IPPROTO_UDP:
		skb->priority = 3;
		break;
	}
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define TC_ACT_OK 0
#define OUTER_LEN 20

int encap_v4 = 1;

SEC("tc")
int tunnel(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;

	if (data + sizeof(*eth) > data_end)
		return TC_ACT_OK;

	if (encap_v4 && eth->h_proto == bpf_htons(0x0800)) {
		if (bpf_skb_adjust_room(skb, OUTER_LEN, BPF_ADJ_ROOM_MAC, 0))
			return TC_ACT_OK;
		data = (void *)(long)skb->data;
		data_end = (void *)(long)skb->data_end;
		eth = data;
		if (data + sizeof(*eth) > data_end)
			return TC_ACT_OK;
	}
	/* all frames leave with our source address */
	eth->h_source[0] = 0x02;
	eth->h_source[5] = 0x01;
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";

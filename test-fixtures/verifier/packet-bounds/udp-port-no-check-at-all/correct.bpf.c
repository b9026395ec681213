#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
const char _license[] SEC("license") = "GPL";

SEC("tc")
int mirror_discard(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct udphdr *udp;

	if (skb->protocol != bpf_htons(0x0800))
		return 0;
	udp = data + sizeof(struct ethhdr) + sizeof(struct iphdr);
	if ((void *)(udp + 1) > data_end)
		return 0;
	if (udp->dest == bpf_htons(9))
		return 2;
	return 0;
}

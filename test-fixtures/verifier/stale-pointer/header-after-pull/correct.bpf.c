#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char LICENSE[] SEC("license") = "GPL";
SEC("tc")
int no_http(struct __sk_buff *skb)
{
	struct iphdr *ip = (void *)(long)skb->data + sizeof(struct ethhdr);
	struct tcphdr *tcp;

	if ((void *)(ip + 1) > (void *)(long)skb->data_end)
		return 0;
	if (ip->protocol != IPPROTO_TCP)
		return 0;
	if (bpf_skb_pull_data(skb, 54))
		return 0;
	ip = (void *)(long)skb->data + sizeof(struct ethhdr);
	tcp = (void *)(ip + 1);
	if ((void *)(tcp + 1) > (void *)(long)skb->data_end)
		return 0;
	return tcp->dest == bpf_htons(80) && ip->ttl ? 2 : 0;
}

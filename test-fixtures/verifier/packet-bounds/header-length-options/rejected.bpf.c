#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char LICENSE[] SEC("license") = "GPL";

static __always_inline int ip_header_bytes(const struct iphdr *ip)
{
	return ip->ihl << 2;
}

SEC("tc")
int mark_syn(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	struct tcphdr *tcp;

	if (data + sizeof(struct ethhdr) + sizeof(*ip) + sizeof(*tcp) > data_end)
		return 0;
	if (skb->protocol != bpf_htons(0x800) || ip->protocol != IPPROTO_TCP)
		return 0;
	tcp = (void *)ip + ip_header_bytes(ip);
	if (tcp->syn && !tcp->ack)
		skb->mark = 1;
	return 0;
}

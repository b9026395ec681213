#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

SEC("tc")
int f(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	__u16 total, head, payload;

	if ((void *)(ip + 1) > end)
		return 0;
	total = bpf_ntohs(ip->tot_len);
	head = ip->ihl * 4;
	payload = total - head;
	bpf_printk("%u", payload);
	return 0;
}

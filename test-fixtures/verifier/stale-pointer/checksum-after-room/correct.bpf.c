#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char LICENSE[] SEC("license") = "GPL";
#define OPT_LEN 4

struct parsed {
	struct ethhdr *eth;
	struct iphdr *ip;
	struct tcphdr *tcp;
};

static __always_inline int parse(struct __sk_buff *skb, struct parsed *p)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;

	p->eth = data;
	p->ip = (void *)(p->eth + 1);
	p->tcp = (void *)(p->ip + 1);
	if ((void *)(p->tcp + 1) > end)
		return -1;
	if (p->eth->h_proto != bpf_htons(0x0800) || p->ip->protocol != IPPROTO_TCP)
		return -1;
	return p->ip->ihl == 5 ? 0 : -1;
}

SEC("tc")
int insert_option(struct __sk_buff *skb)
{
	struct parsed p;
	__u16 window;

	if (parse(skb, &p))
		return 0;
	if (!p.tcp->syn || p.tcp->ack)
		return 0;
	if (bpf_skb_adjust_room(skb, OPT_LEN, BPF_ADJ_ROOM_NET, 0))
		return 0;
	if (parse(skb, &p))
		return 2;
	window = p.tcp->window;
	skb->mark = bpf_ntohs(window);
	return 0;
}

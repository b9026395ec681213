#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define TC_ACT_OK 0
#define TC_ACT_SHOT 2
#define TCP_LISTEN_STATE 10

static __always_inline int tuple_of(struct __sk_buff *skb, struct bpf_sock_tuple *t)
{
	void *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = (void *)(long)skb->data;
	struct iphdr *ip = (void *)(eth + 1);
	struct tcphdr *th = (void *)(ip + 1);

	if ((void *)(th + 1) > end)
		return -1;
	if (eth->h_proto != bpf_htons(0x0800) || ip->protocol != 6 || ip->ihl != 5)
		return -1;
	t->ipv4.saddr = ip->saddr;
	t->ipv4.daddr = ip->daddr;
	t->ipv4.sport = th->source;
	t->ipv4.dport = th->dest;
	return 0;
}

SEC("tc")
int steer(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct bpf_sock *sk;
	int verdict = TC_ACT_OK;

	if (tuple_of(skb, &tuple))
		return TC_ACT_OK;

	sk = bpf_sk_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (sk->state != TCP_LISTEN_STATE)
		verdict = TC_ACT_SHOT;
	bpf_sk_release(sk);
	return verdict;
}

char _license[] SEC("license") = "GPL";

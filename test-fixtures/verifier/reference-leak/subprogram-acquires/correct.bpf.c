#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
const char _license[] SEC("license") = "GPL";
#define NF_INET 2

static __always_inline int classify(struct __sk_buff *skb, struct bpf_sock_tuple *t)
{
	struct bpf_sock *sk = bpf_skc_lookup_tcp(skb, t, sizeof(t->ipv4), BPF_F_CURRENT_NETNS, 0);
	int kind;

	if (!sk)
		return 0;
	switch (sk->state) {
	case BPF_TCP_LISTEN:
		kind = 1;
		bpf_sk_release(sk);
		break;
	case BPF_TCP_ESTABLISHED:
		kind = 2;
		bpf_sk_release(sk);
		break;
	default:
		kind = 3;
		bpf_sk_release(sk);
	}
	return kind;
}

SEC("tc")
int by_kind(struct __sk_buff *skb)
{
	struct bpf_sock_tuple t = {};

	t.ipv4.sport = bpf_htons(443);
	skb->priority = classify(skb, &t);
	return 0;
}

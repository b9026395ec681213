#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char LICENSE[] SEC("license") = "GPL";
static __always_inline struct bpf_sock *listener(struct __sk_buff *skb, __be16 port)
{
	struct bpf_sock_tuple t = {};

	t.ipv4.daddr = bpf_htonl(0x7f000001);
	t.ipv4.dport = port;
	return bpf_sk_lookup_tcp(skb, &t, sizeof(t.ipv4), BPF_F_CURRENT_NETNS, 0);
}

SEC("tc")
int either(struct __sk_buff *skb)
{
	struct bpf_sock *sk = listener(skb, bpf_htons(80));

	if (sk && sk->state != BPF_TCP_LISTEN) {
		sk = listener(skb, bpf_htons(8080));
	}
	if (!sk)
		return 0;
	skb->mark = sk->src_port;
	bpf_sk_release(sk);
	return 0;
}

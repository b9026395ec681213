#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char _license[] SEC("license") = "GPL";
SEC("tc")
int priority_of(struct __sk_buff *skb)
{
	struct bpf_sock_tuple t = { .ipv4 = { .dport = bpf_htons(80) } };
	struct bpf_sock *sk;

	sk = bpf_sk_lookup_tcp(skb, &t, sizeof(t.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (!sk)
		return 0;
	skb->priority = sk->priority;
	bpf_sk_release(sk);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char LICENSE[] SEC("license") = "GPL";
SEC("tc")
int find(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tp;
	struct bpf_sock *sk;

	tp.ipv4.daddr = bpf_htonl(0x7f000001);
	tp.ipv4.dport = bpf_htons(22);
	sk = bpf_sk_lookup_tcp(skb, &tp, sizeof(tp.ipv4), -1, 0);
	if (sk) {
		skb->mark = 22;
		bpf_sk_release(sk);
	}
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
const char _license[] SEC("license") = "GPL";
#define TC_ACT_OK 0
#define TC_ACT_SHOT 2

SEC("tc")
int only_known(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct bpf_sock *sk;
	int verdict = TC_ACT_OK;

	tuple.ipv4.daddr = bpf_htonl(0x7f000001);
	tuple.ipv4.dport = bpf_htons(8080);
	sk = bpf_skc_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (!sk)
		goto out;
	if (sk->state != BPF_TCP_LISTEN)
		verdict = TC_ACT_SHOT;
	bpf_sk_release(sk);
out:
	return verdict;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char LICENSE[] SEC("license") = "GPL";

const volatile __u32 blocked_port = 2525;

SEC("cgroup_skb/egress")
int filter_egress(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (sk->dst_port == bpf_htons(blocked_port))
		return 0;
	return 1;
}

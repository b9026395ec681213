#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
SEC("cgroup_skb/egress")
int peer(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return 1;
	__u32 i = skb->mark & 3;
	return *(&sk->src_ip6[0] + i) != 0;
}

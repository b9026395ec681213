#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
const volatile __u32 to_ifindex = 2;

SEC("cgroup_skb/egress")
int steer(struct __sk_buff *skb)
{
	if (skb->mark == 9)
		return skb->ifindex == to_ifindex;
	return 1;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
__u64 dropped;

SEC("cgroup_skb/ingress")
int ingress(struct __sk_buff *skb)
{
	int verdict = 1;

	if (skb->len > 9000)
		dropped++;
	return verdict;
}

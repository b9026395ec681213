#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
SEC("cgroup_skb/ingress")
int clear_tos(struct __sk_buff *skb)
{
	struct iphdr *ip = (void *)(long)skb->data;
	void *end = (void *)(long)skb->data_end;

	if ((void *)(ip + 1) > end)
		return 1;
	ip->tos = 0;
	return 1;
}

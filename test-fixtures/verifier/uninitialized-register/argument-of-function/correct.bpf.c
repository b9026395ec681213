#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
static __noinline int scale(struct __sk_buff *skb, int prio)
{
	return skb->len > 512 ? prio * 3 : prio;
}

SEC("tc")
int shape(struct __sk_buff *skb)
{
	int prio = skb->priority;

	skb->mark = scale(skb, prio);
	return 0;
}

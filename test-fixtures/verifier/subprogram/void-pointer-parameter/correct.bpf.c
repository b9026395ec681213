#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
__u32 marks;

__noinline int mark_of(struct __sk_buff *ctx)
{
	struct __sk_buff *skb = ctx;

	return skb->mark;
}

SEC("tc")
int collect(struct __sk_buff *skb)
{
	marks += mark_of(skb);
	return 0;
}

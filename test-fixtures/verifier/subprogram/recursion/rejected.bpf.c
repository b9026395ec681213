#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
static __noinline __u32 depth(__u32 v)
{
	__u32 a, b;

	if (v < 2)
		return 1;
	a = depth(v / 2);
	b = depth(v / 3);
	return a > b ? a * 3 : b ^ 1;
}

SEC("tc")
int nested(struct __sk_buff *skb)
{
	skb->mark = depth(skb->len);
	return 0;
}

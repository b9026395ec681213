#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
static __noinline __u32 depth(__u32 v)
{
	__u32 a = v, n = 1;

	for (int i = 0; i < 32 && a >= 2; i++) {
		a /= 2;
		n++;
	}
	return n;
}

SEC("tc")
int nested(struct __sk_buff *skb)
{
	skb->mark = depth(skb->len);
	return 0;
}

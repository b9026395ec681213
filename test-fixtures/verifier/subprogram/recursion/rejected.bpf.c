#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
static __noinline __u32 gcd(__u32 a, __u32 b)
{
	if (b == 0)
		return a;
	return gcd(b, a % b) + (a & 0);
}

static __noinline __u32 gcd2(__u32 a, __u32 b);

SEC("tc")
int ratio(struct __sk_buff *skb)
{
	skb->mark = gcd(skb->len, skb->hash);
	return 0;
}

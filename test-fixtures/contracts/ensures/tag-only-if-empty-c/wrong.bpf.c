#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

//@ ensures old(skb->mark) != 0 ==> skb->mark == old(skb->mark)
SEC("tc")
int tag(struct __sk_buff *skb)
{
	__u32 mark = skb->hash & 0xff;

	if (mark == 0)
		mark = 1;
	skb->mark = mark;
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
SEC("tc")
int skip(struct __sk_buff *skb)
{
	int v = 0;

	asm volatile("goto +1\n %0 = 1" : "+r"(v));
	return v;
}

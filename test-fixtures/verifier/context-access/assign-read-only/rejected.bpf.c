#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
SEC("tc")
int cut(struct __sk_buff *skb)
{
	if (skb->len > 1500)
		skb->len = 1500;
	return 0;
}

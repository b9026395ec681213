#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
SEC("tc")
int cut(struct __sk_buff *skb)
{
	if (skb->len > 1500)
		bpf_skb_change_tail(skb, 1500, 0);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
SEC("tc")
int trailer(struct __sk_buff *skb)
{
	__u8 *end = (void *)(long)skb->data_end;
	__u8 last;

	if (bpf_skb_load_bytes(skb, skb->len - 1, &last, 1) < 0)
		return 0;
	skb->mark = last;
	return 0;
}
char __license[] SEC("license") = "Dual MIT/GPL";

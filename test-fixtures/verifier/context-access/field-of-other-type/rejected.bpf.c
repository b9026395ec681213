#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
SEC("socket")
int len_of_first(struct __sk_buff *skb)
{
	__u8 *p = (void *)(long)skb->data;
	__u8 *end = (void *)(long)skb->data_end;

	if (p + 1 > end)
		return 0;
	return *p;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
#define KEEP 64

SEC("tc")
int shorten(struct __sk_buff *skb)
{
	int over = skb->len - KEEP;

	if (over <= 0)
		return 0;
	return bpf_xdp_adjust_tail((void *)skb, -over) ? 2 : 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
struct totals { __u64 packets; __u64 bytes; };
struct totals every;

__noinline int add_packet(struct totals *t, __u32 len)
{
	if (!t)
		return -1;
	t->packets++;
	t->bytes += len;
	return 0;
}

SEC("tc")
int count(struct __sk_buff *skb)
{
	return add_packet(&every, skb->len) ? 2 : 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
__u64 spins;

SEC("tc")
int wait(struct __sk_buff *skb)
{
	__u32 n = skb->mark;

	for (int i = 0; i < 64 && n != 0; i++) {
		spins += n;
		n = n & 1 ? n * 3 + 1 : n / 2;
	}
	return 0;
}

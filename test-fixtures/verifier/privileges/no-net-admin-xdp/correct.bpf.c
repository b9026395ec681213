#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 dropped;

SEC("socket")
int drop_all(struct __sk_buff *ctx)
{
	dropped++;
	return 1;
}

char _license[] SEC("license") = "GPL";

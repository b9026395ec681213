#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
__u64 n;

SEC("socket")
int count(struct __sk_buff *ctx)
{
	n++;
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char LICENSE[] SEC("license") = "GPL";
__u64 n;

SEC("cgroup_skb/egress")
int on_exit(struct __sk_buff *ctx)
{
	n++;
	return 1;
}

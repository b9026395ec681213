#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
__u64 n;

SEC("tp_btf/sched_switch")
int sw(__u64 *ctx)
{
	n++;
	return 0;
}

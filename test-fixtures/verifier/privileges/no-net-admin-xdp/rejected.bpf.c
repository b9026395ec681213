#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 dropped;

SEC("xdp")
int drop_all(struct xdp_md *ctx)
{
	dropped++;
	return 1;
}

char _license[] SEC("license") = "GPL";

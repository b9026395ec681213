#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
__u64 hits;

SEC("xdp")
int count(struct xdp_md *ctx)
{
	hits++;
	return XDP_PASS;
}

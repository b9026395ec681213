#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
__u64 n;

SEC("xdp")
int count(struct xdp_md *ctx)
{
	n++;
	return 0;
}

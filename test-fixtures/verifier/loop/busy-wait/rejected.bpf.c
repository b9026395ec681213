#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
volatile __u32 ready;

SEC("xdp")
int hold(struct xdp_md *ctx)
{
	while (!ready)
		;
	return XDP_PASS;
}

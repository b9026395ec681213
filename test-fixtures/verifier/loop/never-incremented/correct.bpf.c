#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
__u32 hits;

SEC("xdp")
int scan(struct xdp_md *ctx)
{
	__u32 i = 0;

	while (i < 10) {
		if (bpf_get_prandom_u32() > 1000) {
			hits++;
			i++;
			continue;
		}
		i++;
	}
	return XDP_PASS;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
#define KINDS 32

SEC("xdp")
int kinds(struct xdp_md *ctx)
{
	__u8 *p = (void *)(long)ctx->data;
	__u8 *end = (void *)(long)ctx->data_end;
	__u8 seen[KINDS] = {};
	int i, distinct = 0;

	if (p + 16 > end)
		return XDP_PASS;
	for (i = 0; i < 16; i++) {
		__u8 kind = p[i] % KINDS;
		if (!seen[kind]) {
			seen[kind] = 1;
			distinct++;
		}
	}
	return distinct > 8 ? XDP_DROP : XDP_PASS;
}

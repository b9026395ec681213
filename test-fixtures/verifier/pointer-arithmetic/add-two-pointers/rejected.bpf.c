#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
__u64 length;

SEC("xdp")
int measure(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;

	length += (__u64)end + (__u64)data;
	return XDP_PASS;
}

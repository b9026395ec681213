#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
#define MAGIC_AT 42

SEC("xdp")
int magic(struct xdp_md *ctx)
{
	unsigned char *p = (unsigned char *)(long)ctx->data;
	unsigned char *end = (unsigned char *)(long)ctx->data_end;

	if (p + MAGIC_AT > end)
		return XDP_PASS;
	if (p[MAGIC_AT] == 'h')
		return XDP_DROP;
	return XDP_PASS;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct record {
	__be32 magic;
	__be32 len;
};

SEC("xdp")
int short_records_only(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct record *r = data + 42;

	if ((void *)(r + 1) > end)
		return XDP_PASS;
	if (r->magic != bpf_htonl(0x52454331))
		return XDP_PASS;
	int len = bpf_ntohl(r->len);
	if (len > 4096)
		return XDP_DROP;
	//@ assert ntohl(r->len) <= 4096
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";

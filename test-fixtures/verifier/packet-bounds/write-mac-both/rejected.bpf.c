#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
#define MAC 6

static __always_inline void copy_mac(unsigned char *to, const unsigned char *from)
{
	for (int i = 0; i < MAC; i++)
		to[i] = from[i];
}

SEC("xdp")
int reflect(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	unsigned char saved[MAC];

	if (data + MAC > end)
		return XDP_DROP;
	copy_mac(saved, data);
	copy_mac(data, data + MAC);
	copy_mac(data + MAC, saved);
	return XDP_TX;
}

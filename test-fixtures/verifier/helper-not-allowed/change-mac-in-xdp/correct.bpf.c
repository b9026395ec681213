#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
SEC("xdp")
int set_mac(struct xdp_md *ctx)
{
	__u8 mac[6] = { 2, 0, 0, 0, 0, 9 };
	__u8 *data = (void *)(long)ctx->data;

	if (data + sizeof(mac) > (__u8 *)(long)ctx->data_end)
		return XDP_DROP;
	__builtin_memcpy(data, mac, sizeof(mac));
	return XDP_PASS;
}

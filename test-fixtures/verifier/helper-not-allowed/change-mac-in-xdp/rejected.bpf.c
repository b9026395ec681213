#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
SEC("xdp")
int set_mac(struct xdp_md *ctx)
{
	__u8 mac[6] = { 2, 0, 0, 0, 0, 9 };

	bpf_skb_store_bytes((void *)ctx, 0, mac, sizeof(mac), 0);
	return XDP_PASS;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char LICENSE[] SEC("license") = "GPL";
SEC("xdp")
int dns_socket(struct xdp_md *ctx)
{
	struct bpf_sock_tuple tuple = {};

	tuple.ipv4.saddr = bpf_htonl(0x0a000001);
	tuple.ipv4.daddr = bpf_htonl(0x0a000002);
	tuple.ipv4.dport = bpf_htons(53);

	struct bpf_sock *s = bpf_sk_lookup_udp(ctx, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);

	if (!s)
		return XDP_PASS;
	return XDP_DROP;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u32);
} tx_ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u32);
} port_map SEC(".maps");

SEC("xdp")
int xdp_lb(struct xdp_md *ctx)
{
	__u32 in = ctx->ingress_ifindex;
	__u32 *out;

	out = bpf_map_lookup_elem(&port_map, &in);
	if (!out)
		return XDP_PASS;
	return bpf_redirect_map(&port_map, *out, 0);
}

char _license[] SEC("license") = "GPL";

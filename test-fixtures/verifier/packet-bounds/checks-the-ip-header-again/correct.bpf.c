#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define ETH_P_IP 0x0800

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 128);
	__type(key, __u16);
	__type(value, __u32);
} blocked SEC(".maps");

SEC("xdp")
int port_filter(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;
	struct iphdr *iph;
	struct udphdr *udph;
	__u32 *action;
	__u16 port;

	if ((void *)eth + sizeof(*eth) > data_end)
		return XDP_PASS;
	if (bpf_ntohs(eth->h_proto) != ETH_P_IP)
		return XDP_PASS;

	iph = (void *)eth + sizeof(*eth);
	if ((void *)iph + sizeof(*iph) > data_end)
		return XDP_PASS;
	if (iph->ihl < 5)
		return XDP_DROP;
	if (iph->protocol != IPPROTO_UDP)
		return XDP_PASS;

	udph = (void *)iph + iph->ihl * 4;
	if ((void *)udph + sizeof(*udph) > data_end)
		return XDP_DROP;

	port = bpf_ntohs(udph->dest);
	action = bpf_map_lookup_elem(&blocked, &port);
	return action ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";

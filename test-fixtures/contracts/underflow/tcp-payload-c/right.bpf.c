#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u16);
	__type(value, __u64);
} payload_by_port SEC(".maps");

SEC("xdp")
int payload(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct tcphdr *tcp = (void *)(ip + 1);

	if ((void *)(tcp + 1) > end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(0x0800) || ip->ihl != 5 || ip->protocol != IPPROTO_TCP)
		return XDP_PASS;

	__u16 port = bpf_ntohs(tcp->dest);
	__u32 headers = sizeof(*ip) + tcp->doff * 4;
	__u32 total = bpf_ntohs(ip->tot_len);
	if (total < headers)
		return XDP_DROP;
	__u64 bytes = total - headers;
	//@ assert bytes <= 65535
	__u64 *sum = bpf_map_lookup_elem(&payload_by_port, &port);
	if (sum)
		__sync_fetch_and_add(sum, bytes);
	else
		bpf_map_update_elem(&payload_by_port, &port, &bytes, BPF_ANY);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";

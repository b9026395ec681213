// Filter what a packet socket receives: only TCP packets of at least 1000 bytes, cut after their headers.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define MIN_BYTES 1000
#define KEEP_BYTES 94 /* Ethernet, and IPv4 and TCP without most of their options */
#define NOTHING 0

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} matched SEC(".maps");

SEC("socket")
int only_large(struct __sk_buff *skb)
{
	__u8 protocol;
	__u32 zero = 0;

	if (skb->len < MIN_BYTES || skb->protocol != bpf_htons(ETH_P_IP))
		return NOTHING;
	/* from the network header on: some sockets get an Ethernet header before it, some do not */
	if (bpf_skb_load_bytes_relative(skb, __builtin_offsetof(struct iphdr, protocol), &protocol,
					sizeof(protocol), BPF_HDR_START_NET) < 0)
		return NOTHING;
	if (protocol != IPPROTO_TCP)
		return NOTHING;

	__u64 *count = bpf_map_lookup_elem(&matched, &zero);
	if (count)
		*count += 1;
	return KEEP_BYTES;
}

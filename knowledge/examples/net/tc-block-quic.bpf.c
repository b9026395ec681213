// Drop outgoing UDP packets to port 443, so that browsers fall back from QUIC to TCP, IPv4 and IPv6.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define ETH_HEADER 14
#define IP_FRAGMENT_OFFSET 0x1fff
#define TC_ACT_OK 0
#define TC_ACT_SHOT 2
#define QUIC_PORT 443

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} blocked SEC(".maps");

SEC("tc")
int block_quic(struct __sk_buff *skb)
{
	__u32 udp;

	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		struct iphdr ip;
		if (bpf_skb_load_bytes(skb, ETH_HEADER, &ip, sizeof(ip)) < 0)
			return TC_ACT_OK;
		if (ip.protocol != IPPROTO_UDP || (ip.frag_off & bpf_htons(IP_FRAGMENT_OFFSET)))
			return TC_ACT_OK;
		udp = ETH_HEADER + ip.ihl * 4;
	} else if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr ip6;
		if (bpf_skb_load_bytes(skb, ETH_HEADER, &ip6, sizeof(ip6)) < 0)
			return TC_ACT_OK;
		if (ip6.nexthdr != IPPROTO_UDP)
			return TC_ACT_OK;
		udp = ETH_HEADER + sizeof(ip6);
	} else {
		return TC_ACT_OK;
	}

	__be16 dest;
	if (bpf_skb_load_bytes(skb, udp + __builtin_offsetof(struct udphdr, dest), &dest,
			       sizeof(dest)) < 0)
		return TC_ACT_OK;
	if (dest != bpf_htons(QUIC_PORT))
		return TC_ACT_OK;

	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&blocked, &zero);
	if (count)
		*count += 1;
	return TC_ACT_SHOT;
}

// Count the bytes of TCP packets by destination port at a network interface, IPv4 and IPv6.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define ETH_HEADER 14
#define IP_FRAGMENT_OFFSET 0x1fff
#define TC_ACT_OK 0

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u16);   /* destination port, host byte order */
	__type(value, __u64); /* bytes, with all headers */
} bytes_by_port SEC(".maps");

SEC("tc")
int count_bytes(struct __sk_buff *skb)
{
	__u32 l4;

	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		struct iphdr ip;
		if (bpf_skb_load_bytes(skb, ETH_HEADER, &ip, sizeof(ip)) < 0)
			return TC_ACT_OK;
		if (ip.protocol != IPPROTO_TCP || (ip.frag_off & bpf_htons(IP_FRAGMENT_OFFSET)))
			return TC_ACT_OK;
		l4 = ETH_HEADER + ip.ihl * 4;
	} else if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr ip6;
		if (bpf_skb_load_bytes(skb, ETH_HEADER, &ip6, sizeof(ip6)) < 0)
			return TC_ACT_OK;
		if (ip6.nexthdr != IPPROTO_TCP)
			return TC_ACT_OK;
		l4 = ETH_HEADER + sizeof(ip6);
	} else {
		return TC_ACT_OK;
	}

	__be16 dest;
	if (bpf_skb_load_bytes(skb, l4 + __builtin_offsetof(struct tcphdr, dest), &dest,
			       sizeof(dest)) < 0)
		return TC_ACT_OK;

	__u16 port = bpf_ntohs(dest);
	__u64 length = skb->len;
	__u64 *bytes = bpf_map_lookup_elem(&bytes_by_port, &port);
	if (bytes)
		__sync_fetch_and_add(bytes, length);
	else
		bpf_map_update_elem(&bytes_by_port, &port, &length, BPF_NOEXIST);
	return TC_ACT_OK;
}

// Rewrite the destination port of incoming TCP packets from 80 to 8080 and the answers back, IPv4.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define ETH_HEADER 14
#define IP_FRAGMENT_OFFSET 0x1fff
#define TC_ACT_OK 0
#define PUBLIC_PORT 80
#define SERVICE_PORT 8080

enum { FORWARD, BACK, DIRECTIONS };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, DIRECTIONS);
	__type(key, __u32);
	__type(value, __u64);
} rewritten SEC(".maps");

/* Replaces the port at `offset` of the TCP header. */
static __always_inline void replace_port(struct __sk_buff *skb, __u32 offset, __u16 from,
					 __u16 to, __u32 direction)
{
	__be16 old_port, new_port = bpf_htons(to);
	struct iphdr ip;

	if (skb->protocol != bpf_htons(ETH_P_IP))
		return;
	if (bpf_skb_load_bytes(skb, ETH_HEADER, &ip, sizeof(ip)) < 0 || ip.protocol != IPPROTO_TCP)
		return;
	if (ip.frag_off & bpf_htons(IP_FRAGMENT_OFFSET))
		return;

	__u32 tcp = ETH_HEADER + ip.ihl * 4;
	if (bpf_skb_load_bytes(skb, tcp + offset, &old_port, sizeof(old_port)) < 0)
		return;
	if (old_port != bpf_htons(from))
		return;

	if (bpf_l4_csum_replace(skb, tcp + __builtin_offsetof(struct tcphdr, check), old_port,
				new_port, sizeof(new_port)) < 0)
		return;
	bpf_skb_store_bytes(skb, tcp + offset, &new_port, sizeof(new_port), 0);

	__u64 *count = bpf_map_lookup_elem(&rewritten, &direction);
	if (count)
		*count += 1;
}

SEC("tc")
int forward(struct __sk_buff *skb)
{
	replace_port(skb, __builtin_offsetof(struct tcphdr, dest), PUBLIC_PORT, SERVICE_PORT,
		     FORWARD);
	return TC_ACT_OK;
}

SEC("tc")
int back(struct __sk_buff *skb)
{
	replace_port(skb, __builtin_offsetof(struct tcphdr, source), SERVICE_PORT, PUBLIC_PORT,
		     BACK);
	return TC_ACT_OK;
}

// Mark outgoing IPv4 packets to SIP and DNS servers with the DSCP value for expedited forwarding.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define ETH_HEADER 14
#define IP_FRAGMENT_OFFSET 0x1fff
#define TC_ACT_OK 0
#define EXPEDITED_FORWARDING 46
#define ECN_BITS 3
#define DNS_PORT 53
#define SIP_PORT 5060

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} marked SEC(".maps");

static __always_inline int is_urgent(struct __sk_buff *skb, struct iphdr *ip)
{
	__be16 dest;

	if (ip->protocol != IPPROTO_UDP || (ip->frag_off & bpf_htons(IP_FRAGMENT_OFFSET)))
		return 0;
	if (bpf_skb_load_bytes(skb, ETH_HEADER + ip->ihl * 4 + __builtin_offsetof(struct udphdr, dest),
			       &dest, sizeof(dest)) < 0)
		return 0;
	return dest == bpf_htons(DNS_PORT) || dest == bpf_htons(SIP_PORT);
}

SEC("tc")
int set_dscp(struct __sk_buff *skb)
{
	struct iphdr ip;

	if (skb->protocol != bpf_htons(ETH_P_IP))
		return TC_ACT_OK;
	if (bpf_skb_load_bytes(skb, ETH_HEADER, &ip, sizeof(ip)) < 0 || !is_urgent(skb, &ip))
		return TC_ACT_OK;

	__u8 tos = (EXPEDITED_FORWARDING << 2) | (ip.tos & ECN_BITS);
	if (tos == ip.tos)
		return TC_ACT_OK;

	/* the byte is the lower half of the first word, whose upper half stays */
	if (bpf_l3_csum_replace(skb, ETH_HEADER + __builtin_offsetof(struct iphdr, check),
				bpf_htons(ip.tos), bpf_htons(tos), 2) < 0)
		return TC_ACT_OK;
	bpf_skb_store_bytes(skb, ETH_HEADER + __builtin_offsetof(struct iphdr, tos), &tos,
			    sizeof(tos), 0);

	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&marked, &zero);
	if (count)
		*count += 1;
	return TC_ACT_OK;
}

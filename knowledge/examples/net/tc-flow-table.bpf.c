// Count packets and bytes of each flow, by addresses, ports and protocol, IPv4 and IPv6.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define ETH_HEADER 14
#define IP_FRAGMENT_OFFSET 0x1fff
#define TC_ACT_OK 0

struct flow_key {
	__be32 from[4]; /* IPv4 as ::ffff:a.b.c.d */
	__be32 to[4];
	__be16 source_port;
	__be16 dest_port;
	__u32 protocol;
};

struct traffic {
	__u64 packets;
	__u64 bytes;
	__u64 last_ns;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct flow_key);
	__type(value, struct traffic);
} flows SEC(".maps");

/* Fills in addresses and protocol; returns where the ports are, 0 for none, negative when this is not IP. */
static __always_inline int read_addresses(struct __sk_buff *skb, struct flow_key *flow)
{
	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		struct iphdr ip;
		if (bpf_skb_load_bytes(skb, ETH_HEADER, &ip, sizeof(ip)) < 0)
			return -1;
		flow->from[2] = flow->to[2] = bpf_htonl(0xffff);
		flow->from[3] = ip.saddr;
		flow->to[3] = ip.daddr;
		flow->protocol = ip.protocol;
		return ip.frag_off & bpf_htons(IP_FRAGMENT_OFFSET) ? 0 : ETH_HEADER + ip.ihl * 4;
	}
	if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr ip6;
		if (bpf_skb_load_bytes(skb, ETH_HEADER, &ip6, sizeof(ip6)) < 0)
			return -1;
		__builtin_memcpy(flow->from, &ip6.saddr, sizeof(flow->from));
		__builtin_memcpy(flow->to, &ip6.daddr, sizeof(flow->to));
		flow->protocol = ip6.nexthdr;
		return ETH_HEADER + sizeof(ip6);
	}
	return -1;
}

SEC("tc")
int account(struct __sk_buff *skb)
{
	struct flow_key flow = {};
	int ports = read_addresses(skb, &flow);

	if (ports < 0)
		return TC_ACT_OK;
	/* TCP and UDP begin with both ports */
	if (ports > 0 && (flow.protocol == IPPROTO_TCP || flow.protocol == IPPROTO_UDP))
		bpf_skb_load_bytes(skb, ports, &flow.source_port, 4);

	struct traffic *t = bpf_map_lookup_elem(&flows, &flow);
	if (t) {
		__sync_fetch_and_add(&t->packets, 1);
		__sync_fetch_and_add(&t->bytes, skb->len);
		t->last_ns = bpf_ktime_get_ns();
	} else {
		struct traffic first = { .packets = 1, .bytes = skb->len, .last_ns = bpf_ktime_get_ns() };
		bpf_map_update_elem(&flows, &flow, &first, BPF_ANY);
	}
	return TC_ACT_OK;
}

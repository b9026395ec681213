// Drop UDP packets that the processes of a control group send, except to port 53, IPv4 and IPv6.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define DROP 0
#define ALLOW 1
#define DNS_PORT 53

enum { SENT, BLOCKED, KINDS };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, KINDS);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

static __always_inline void count(__u32 kind)
{
	__u64 *packets = bpf_map_lookup_elem(&counts, &kind);

	if (packets)
		*packets += 1;
}

SEC("cgroup_skb/egress")
int filter_udp(struct __sk_buff *skb)
{
	__u32 udp;
	__u8 protocol, first;

	if (bpf_skb_load_bytes(skb, 0, &first, sizeof(first)) < 0)
		return ALLOW;
	if (first >> 4 == 4) {
		udp = (first & 0xf) * 4; /* header length in words of 4 bytes */
		if (bpf_skb_load_bytes(skb, __builtin_offsetof(struct iphdr, protocol), &protocol, 1) < 0)
			return ALLOW;
	} else {
		udp = sizeof(struct ipv6hdr);
		if (bpf_skb_load_bytes(skb, __builtin_offsetof(struct ipv6hdr, nexthdr), &protocol, 1) < 0)
			return ALLOW;
	}
	if (protocol != IPPROTO_UDP)
		return ALLOW;

	__be16 dest;
	if (bpf_skb_load_bytes(skb, udp + __builtin_offsetof(struct udphdr, dest), &dest,
			       sizeof(dest)) == 0 && dest == bpf_htons(DNS_PORT)) {
		count(SENT);
		return ALLOW;
	}
	count(BLOCKED);
	return DROP;
}

// Give outgoing IPv4 packets a mark by their destination network, for routing rules and firewalls.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define ETH_HEADER 14
#define TC_ACT_OK 0

struct network {
	__u32 prefix_bits;
	__be32 address;
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct network);
	__type(value, __u32); /* the mark */
} marks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32); /* the mark */
	__type(value, __u64);
} marked SEC(".maps");

SEC("tc")
int mark(struct __sk_buff *skb)
{
	struct network to = { .prefix_bits = 32 };
	__u64 one = 1;

	if (skb->protocol != bpf_htons(ETH_P_IP))
		return TC_ACT_OK;
	if (bpf_skb_load_bytes(skb, ETH_HEADER + __builtin_offsetof(struct iphdr, daddr),
			       &to.address, sizeof(to.address)) < 0)
		return TC_ACT_OK;

	__u32 *found = bpf_map_lookup_elem(&marks, &to);
	if (!found)
		return TC_ACT_OK;

	__u32 key = *found;
	skb->mark = key;

	__u64 *count = bpf_map_lookup_elem(&marked, &key);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&marked, &key, &one, BPF_NOEXIST);
	return TC_ACT_OK;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define ETH_P_8021Q 0x8100

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} tagged SEC(".maps");

SEC("tc")
int count_tagged(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	__u32 zero = 0;
	__u64 *n;

	if (data + sizeof(*eth) > data_end)
		return 0;
	if (eth->h_proto != bpf_htons(ETH_P_8021Q))
		return 0;
	//@ assert ntohs(eth->h_proto) == 0x8100
	n = bpf_map_lookup_elem(&tagged, &zero);
	if (n)
		__sync_fetch_and_add(n, 1);
	return 0;
}

char _license[] SEC("license") = "GPL";

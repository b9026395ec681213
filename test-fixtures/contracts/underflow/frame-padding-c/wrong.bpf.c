#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} padding SEC(".maps");

SEC("tc")
int count_padding(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	__u32 zero = 0;
	__u64 *sum;

	if ((void *)(ip + 1) > end || eth->h_proto != bpf_htons(0x0800))
		return 0;
	__u32 used = sizeof(*eth) + bpf_ntohs(ip->tot_len);
	__u32 pad = skb->len - used;
	sum = bpf_map_lookup_elem(&padding, &zero);
	if (sum)
		*sum += pad;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

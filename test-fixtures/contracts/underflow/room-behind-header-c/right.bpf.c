#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define HEADERS 54

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} payload SEC(".maps");

SEC("tc")
int count_payload(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u64 *sum = bpf_map_lookup_elem(&payload, &zero);

	if (!sum)
		return 0;
	if (skb->len > HEADERS)
		*sum += skb->len - HEADERS;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} volume SEC(".maps");

SEC("cgroup_skb/egress")
int meter(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u32 len = skb->len;
	__u64 *sum = bpf_map_lookup_elem(&volume, &zero);

	if (sum)
		*sum += len;
	return 1;
}

char LICENSE[] SEC("license") = "GPL";

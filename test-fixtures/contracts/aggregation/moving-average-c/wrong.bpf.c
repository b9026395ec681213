#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} average SEC(".maps");

//@ invariant average[k] : average[k] <= 4294967295

SEC("tc")
int smooth(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u64 *avg = bpf_map_lookup_elem(&average, &zero);

	if (!avg)
		return 0;
	__u64 next = (*avg * 7 + skb->len) >> 2;
	*avg = next;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

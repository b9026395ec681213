#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, __u32);
    __uint(max_entries, 16);
} weights SEC(".maps");

SEC("tc")
int weigh(struct __sk_buff *skb)
{
	__u32 i, first = 0, sum = 0;
	__u32 *w = bpf_map_lookup_elem(&weights, &first);

	if (!w)
		return 0;
	for (i = 1; i < 8; i++) {
		sum += *w;
		__u32 key = i;
		w = bpf_map_lookup_elem(&weights, &key);
		if (!w)
			break;
	}
	skb->mark = sum;
	return 0;
}

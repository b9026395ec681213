#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct cookies_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 4);
} cookies SEC(".maps");

SEC("tc")
int cookie(struct __sk_buff *skb)
{
	__u32 k = skb->mark & 3;
	__u64 *c = bpf_map_lookup_elem(&cookies, &k);

	if (!c)
		return 0;
	*c = (__u64)skb;
	return 0;
}

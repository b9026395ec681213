#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct body { __u8 b[256]; };
struct bodies_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct body);
	__uint(max_entries, 1);
} bodies SEC(".maps");

SEC("tc")
int peek(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u32 n = skb->len & 0xff;
	struct body *b = bpf_map_lookup_elem(&bodies, &zero);

	if (!b)
		return 0;
	if (n == 0)
		return 0;
	if (bpf_skb_load_bytes(skb, 0, b->b, n))
		return 0;
	skb->mark = b->b[0];
	return 0;
}

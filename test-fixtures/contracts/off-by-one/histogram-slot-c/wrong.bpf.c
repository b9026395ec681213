#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define SLOTS 8

struct sizes {
	__u64 slots[SLOTS];  /* up to 128, 256, ... bytes */
	__u64 sum;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sizes);
} packets SEC(".maps");

SEC("tc")
int sizes(struct __sk_buff *skb)
{
	__u32 zero = 0, slot = skb->len / 128;
	struct sizes *s = bpf_map_lookup_elem(&packets, &zero);

	if (!s)
		return 0;
	if (slot > SLOTS)
		slot = SLOTS;
	s->slots[slot] += 1;
	s->sum += skb->len;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

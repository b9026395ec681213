#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char LICENSE[] SEC("license") = "GPL";
struct entry { __u64 addr; __u64 stamp; };
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __type(key, __u32);
    __type(value, struct entry);
    __uint(max_entries, 64);
} last SEC(".maps");

SEC("tc")
int remember(struct __sk_buff *skb)
{
	struct entry e;
	__u32 port = skb->ifindex;

	if (skb->protocol == bpf_htons(0x0800)) {
		e.addr = skb->hash;
		e.stamp = bpf_ktime_get_ns();
	}
	bpf_map_update_elem(&last, &port, &e, BPF_ANY);
	return 0;
}

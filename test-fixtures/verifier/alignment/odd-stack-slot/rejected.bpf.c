#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, 64);
} tags SEC(".maps");

SEC("tc")
int tag(struct __sk_buff *skb)
{
	char raw[16] __attribute__((aligned(8))) = {};
	__u32 word;
	__u64 *n;

	bpf_skb_load_bytes(skb, 0, raw, sizeof(raw));
	word = *(__u32 *)(raw + 5);
	n = bpf_map_lookup_elem(&tags, &word);
	if (n)
		*n += 1;
	return 0;
}

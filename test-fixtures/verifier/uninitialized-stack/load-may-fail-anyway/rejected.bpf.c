#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, 64);
} kinds SEC(".maps");

SEC("tc")
int kind(struct __sk_buff *skb)
{
	__u32 word;
	__u64 *n;

	if (skb->len > 64)
		bpf_skb_load_bytes(skb, 30, &word, sizeof(word));
	n = bpf_map_lookup_elem(&kinds, &word);
	if (n)
		__sync_fetch_and_add(n, 1);
	return 0;
}

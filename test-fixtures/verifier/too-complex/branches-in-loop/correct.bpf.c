#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
struct rules_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 128);
} rules SEC(".maps");
#define RULES 100

SEC("tc")
int classify(struct __sk_buff *skb)
{
	__u64 score = 0;
	__u32 i;

	for (i = 0; i < 8; i++) {
		__u32 r = bpf_get_prandom_u32();
		if (r & 1)
			score += 1ULL << i;
	}
	__u64 *slot = bpf_map_lookup_elem(&rules, &i);
	if (slot && score < 128)
		*((__u8 *)slot + (score & 7)) = 1;
	return 0;
}

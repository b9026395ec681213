#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
struct clocked { __u64 n; struct bpf_timer timer; };
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__uint(key_size, 4);
	__uint(value_size, sizeof(struct clocked));
} clocks SEC(".maps");

SEC("tc")
int start(struct __sk_buff *skb)
{
	__u32 k = 0;
	struct clocked *c = bpf_map_lookup_elem(&clocks, &k);

	if (c)
		bpf_timer_init(&c->timer, &clocks, 1);
	return 0;
}

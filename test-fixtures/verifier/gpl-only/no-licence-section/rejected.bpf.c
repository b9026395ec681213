#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} evs SEC(".maps");

struct note { __u32 len; __u32 mark; };

SEC("classifier")
int stamp_skb(struct __sk_buff *skb)
{
	struct note n = { .len = skb->len, .mark = skb->mark };

	if (n.len < 100)
		return 0;
	bpf_perf_event_output(skb, &evs, BPF_F_CURRENT_CPU, &n, sizeof(n));
	return 0;
}

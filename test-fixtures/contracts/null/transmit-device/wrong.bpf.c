#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 256);
	__type(key, int);
	__type(value, u64);
} freed SEC(".maps");

SEC("fentry/__kfree_skb")
int BPF_PROG(on_free, struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	u64 one = 1, *n;

	//@ assert dev != 0
	int index = dev->ifindex;
	n = bpf_map_lookup_elem(&freed, &index);
	if (n)
		__sync_fetch_and_add(n, 1);
	else
		bpf_map_update_elem(&freed, &index, &one, BPF_ANY);
	return 0;
}

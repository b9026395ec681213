#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
struct inner {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 128);
	__type(key, __u32);
	__type(value, __u64);
} tenant0 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} tenants SEC(".maps") = { .values = { &tenant0 } };

const char _license[] SEC("license") = "GPL";

SEC("classifier")
int per_tenant(struct __sk_buff *skb)
{
	__u32 tenant = skb->mark & 3;
	__u32 key = skb->ingress_ifindex;
	__u64 *hits;
	void *map = bpf_map_lookup_elem(&tenants, &tenant);

	if (!map)
		return 0;
	hits = bpf_map_lookup_elem(map, &key);
	if (hits)
		__sync_fetch_and_add(hits, 1);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
struct flows_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, __u64);
	__type(value, __u64);
	__uint(max_entries, 65536);
} flows SEC(".maps");

static __noinline __u64 *flow_entry(__u64 hash)
{
	__u64 zero = 0;

	bpf_map_update_elem(&flows, &hash, &zero, BPF_NOEXIST);
	return bpf_map_lookup_elem(&flows, &hash);
}

SEC("tc")
int account(struct __sk_buff *skb)
{
	__u64 *packets = flow_entry(bpf_get_hash_recalc(skb));

	if (!packets)
		return 0;
	*packets += 1;
	return 0;
}
const char _license[] SEC("license") = "GPL";

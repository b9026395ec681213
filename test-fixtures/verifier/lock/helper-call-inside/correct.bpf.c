#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct val {
	struct bpf_spin_lock guard;
	__u64 updated;
	__u64 n;
};
struct vals_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, struct val);
	__uint(max_entries, 64);
} vals SEC(".maps");

SEC("tc")
int update(struct __sk_buff *skb)
{
	__u32 k = skb->mark;
	struct val *v = bpf_map_lookup_elem(&vals, &k);

	if (!v)
		return 0;
	__u64 now = bpf_ktime_get_ns();
	bpf_spin_lock(&v->guard);
	v->n++;
	v->updated = now;
	bpf_spin_unlock(&v->guard);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct account { struct bpf_spin_lock lock; __s64 balance; };
struct accounts_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, struct account);
	__uint(max_entries, 64);
} accounts SEC(".maps");

SEC("tc")
int transfer(struct __sk_buff *skb)
{
	__u32 from = skb->ingress_ifindex, to = skb->ifindex;
	struct account *a = bpf_map_lookup_elem(&accounts, &from);
	struct account *b = bpf_map_lookup_elem(&accounts, &to);

	if (!a || !b)
		return 0;
	bpf_spin_lock(&a->lock);
	a->balance -= skb->len;
	bpf_spin_unlock(&a->lock);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct traffic {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 64);
	__type(key, __u32); /* interface */
	__type(value, struct traffic);
} interfaces SEC(".maps");

SEC("tc")
int account(struct __sk_buff *skb)
{
	__u32 index = skb->ifindex;
	struct traffic fresh = {};
	struct traffic *t = bpf_map_lookup_elem(&interfaces, &index);

	if (!t) {
		bpf_map_update_elem(&interfaces, &index, &fresh, BPF_ANY);
		t = bpf_map_lookup_elem(&interfaces, &index);
		if (!t)
			return 0;
	}
	__u64 before = t->bytes;
	t->packets++;
	t->bytes = before + 1;
	//@ assert t->bytes == before + skb->len
	if (before >> 30 != t->bytes >> 30)
		bpf_printk("interface %u: another GiB", index);
	return 0;
}

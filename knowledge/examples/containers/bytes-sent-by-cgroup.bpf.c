// Count the packets and bytes that the processes of each control group send over the network.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define ALLOW 1

struct counter {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64); /* control group id */
	__type(value, struct counter);
} sent SEC(".maps");

SEC("cgroup_skb/egress")
int count_sent(struct __sk_buff *skb)
{
	/* the group of the socket: the packet may be sent by another process */
	__u64 group = bpf_skb_cgroup_id(skb);
	struct counter *c = bpf_map_lookup_elem(&sent, &group);

	if (!c) {
		struct counter zero = {};
		bpf_map_update_elem(&sent, &group, &zero, BPF_NOEXIST);
		c = bpf_map_lookup_elem(&sent, &group);
		if (!c)
			return ALLOW; /* the map is full */
	}
	__sync_fetch_and_add(&c->packets, 1);
	__sync_fetch_and_add(&c->bytes, skb->len);
	return ALLOW;
}

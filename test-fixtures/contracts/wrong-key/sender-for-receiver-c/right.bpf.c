#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct flow {
	__be32 inside;
	__be32 outside;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct flow);
	__type(value, __u64);
} flows SEC(".maps");

/* egress: remember whom we talk to */
SEC("tc")
int out(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);

	if ((void *)(ip + 1) > end || eth->h_proto != bpf_htons(0x0800))
		return 0;
	struct flow f = { .inside = ip->saddr, .outside = ip->daddr };
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&flows, &f, &now, BPF_ANY);
	return 0;
}

/* ingress: only answers come in */
SEC("tc")
int in(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);

	if ((void *)(ip + 1) > end || eth->h_proto != bpf_htons(0x0800))
		return 0;
	struct flow f = { .inside = ip->daddr, .outside = ip->saddr };

	if (bpf_map_lookup_elem(&flows, &f)) {
		//@ assert f.inside == ip->daddr && f.outside == ip->saddr
		return 0;
	}
	return 2;
}

char LICENSE[] SEC("license") = "GPL";

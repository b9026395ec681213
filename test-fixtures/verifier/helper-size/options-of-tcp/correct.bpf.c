#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char _license[] SEC("license") = "GPL";
struct opt_copy { __u8 b[40]; };
struct copies_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct opt_copy);
	__uint(max_entries, 1);
} copies SEC(".maps");
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u16);
    __type(value, __u64);
    __uint(max_entries, 2048);
} mss_seen SEC(".maps");

static __always_inline int headers(struct __sk_buff *skb, __u32 *off, __u64 *len)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct tcphdr *tcp = (void *)(ip + 1);

	if ((void *)(tcp + 1) > end)
		return -1;
	if (eth->h_proto != bpf_htons(0x0800) || ip->protocol != IPPROTO_TCP || ip->ihl != 5)
		return -1;
	if (!tcp->syn)
		return -1;
	*off = sizeof(*eth) + sizeof(*ip) + sizeof(*tcp);
	*len = (tcp->doff << 2) - sizeof(*tcp);
	return 0;
}

SEC("tc")
int mss(struct __sk_buff *skb)
{
	__u32 zero = 0, off;
	__u64 len;
	struct opt_copy *o = bpf_map_lookup_elem(&copies, &zero);
	__u64 one = 1;

	if (!o || headers(skb, &off, &len))
		return 0;
	if (len < 4)
		return 0;
	barrier_var(len);
	if (len > sizeof(o->b))
		return 0;
	if (bpf_skb_load_bytes(skb, off, o->b, len))
		return 0;
	if (o->b[0] == 2 && o->b[1] == 4) {
		__u16 v = o->b[2] << 8 | o->b[3];
		bpf_map_update_elem(&mss_seen, &v, &one, BPF_ANY);
	}
	return 0;
}

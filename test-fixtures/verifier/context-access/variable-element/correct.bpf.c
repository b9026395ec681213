#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define TC_ACT_OK 0
#define TC_ACT_SHOT 2

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} which_cb SEC(".maps");

SEC("tc")
int read_cb(struct __sk_buff *skb)
{
	__u32 zero = 0, *which, value;

	which = bpf_map_lookup_elem(&which_cb, &zero);
	if (!which)
		return TC_ACT_OK;

	__u32 cb[4] = { skb->cb[0], skb->cb[1], skb->cb[2], skb->cb[3] };

	value = cb[*which & 3];
	if (value == 0xdead)
		return TC_ACT_SHOT;
	skb->mark = value;
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";

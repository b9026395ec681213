#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define TC_ACT_OK 0

struct labels {
	__u8 kind[32];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct labels);
} kinds SEC(".maps");

SEC("tc")
int walk_labels(struct __sk_buff *skb)
{
	__u32 zero = 0, pos = 0, found = 0;
	struct labels *l = bpf_map_lookup_elem(&kinds, &zero);

	if (!l)
		return TC_ACT_OK;

	while (pos < 32) {
		if (*(volatile __u8 *)&l->kind[pos] == 0)
			continue;
		found++;
		pos++;
	}
	skb->mark = found;
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";

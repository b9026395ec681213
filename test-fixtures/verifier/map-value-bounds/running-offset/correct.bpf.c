#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct opts { __u8 raw[64]; };
struct buf_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct opts);
	__uint(max_entries, 1);
} buf SEC(".maps");
const volatile __u32 rounds = 4;

SEC("tc")
int walk_options(struct __sk_buff *skb)
{
	__u32 zero = 0, off = 0;
	struct opts *o = bpf_map_lookup_elem(&buf, &zero);
	int i;

	if (!o)
		return 0;
	if (bpf_skb_load_bytes(skb, 54, o->raw, sizeof(o->raw)))
		return 0;
	for (i = 0; i < 4; i++) {
		__u8 kind = o->raw[off];

		if (kind == 0)
			break;
		if (kind == 3)
			skb->mark = 3;
		off += kind == 1 ? 1 : o->raw[(off + 1) & 63];
		if (off >= sizeof(o->raw))
			break;
	}
	return 0;
}

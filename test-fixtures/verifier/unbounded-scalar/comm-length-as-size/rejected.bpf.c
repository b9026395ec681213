#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct excerpt { char bytes[128]; };
struct scratch_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct excerpt);
	__uint(max_entries, 1);
} scratch SEC(".maps");

SEC("tc")
int sample(struct __sk_buff *skb)
{
	__u32 zero = 0, want = skb->len - 14;
	struct excerpt *s = bpf_map_lookup_elem(&scratch, &zero);

	if (!s)
		return 0;
	if (bpf_skb_load_bytes(skb, 14, s->bytes, want) < 0)
		return 0;
	bpf_printk("%u bytes, first %d", want, s->bytes[0]);
	return 0;
}

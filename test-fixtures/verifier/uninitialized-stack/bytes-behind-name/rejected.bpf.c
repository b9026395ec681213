#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
struct id { __u8 raw[16]; };
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, struct id);
    __type(value, __u64);
    __uint(max_entries, 1000);
} ids SEC(".maps");

SEC("xdp")
int learn(struct xdp_md *ctx)
{
	__u8 *p = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct id k;
	__u64 one = 1;

	if (p + 12 > end)
		return XDP_PASS;
	for (int i = 0; i < 12; i++)
		k.raw[i] = p[i];
	bpf_map_update_elem(&ids, &k, &one, BPF_ANY);
	return XDP_PASS;
}

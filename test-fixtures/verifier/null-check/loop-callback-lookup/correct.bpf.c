#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

struct loop_ctx {
	__u32 len;
	__u32 touched;
};

static long bump_one(__u32 index, void *arg)
{
	struct loop_ctx *lc = arg;
	__u64 *c = bpf_map_lookup_elem(&counters, &index);

	if (!c)
		return 1;
	*c += lc->len;
	lc->touched++;
	return 0;
}

SEC("xdp")
int walk_ids(struct xdp_md *ctx)
{
	struct loop_ctx lc = { .len = ctx->data_end - ctx->data };

	bpf_loop(8, bump_one, &lc, 0);
	return lc.touched > 100 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";

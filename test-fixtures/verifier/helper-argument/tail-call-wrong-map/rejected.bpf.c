#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 8);
	__uint(key_size, 4);
	__uint(value_size, 4);
} progs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__uint(key_size, 4);
	__uint(value_size, 8);
} prog_stats SEC(".maps");

enum { P_TCP, P_UDP, P_OTHER };

static __always_inline void jump(struct xdp_md *ctx, __u32 which)
{
	__u64 *n = bpf_map_lookup_elem(&prog_stats, &which);

	if (n)
		*n += 1;
	bpf_tail_call(ctx, &prog_stats, which);
}

SEC("xdp")
int dispatch(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	struct iphdr *ip = data + sizeof(struct ethhdr);

	if ((void *)(ip + 1) > (void *)(long)ctx->data_end)
		return XDP_PASS;
	jump(ctx, ip->protocol == IPPROTO_TCP ? P_TCP : P_OTHER);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";

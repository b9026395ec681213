#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, __u8);
} blocked SEC(".maps");

static __always_inline int is_blocked(__u32 addr)
{
	__u8 *b = bpf_map_lookup_elem(&blocked, &addr);

	return b && *b;
}

SEC("cgroup/connect4")
int connect_guard(struct bpf_sock_addr *ctx)
{
	__u32 addr;

	if (ctx->type != 1 /* SOCK_STREAM */)
		return 1;
	addr = ctx->user_ip6[3];
	if (addr == bpf_htonl(0x7f000001))
		return 1;
	if (is_blocked(addr))
		return 0;
	if (ctx->user_port == bpf_htons(25))
		return 0;
	return 1;
}

char _license[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct endpoint {
	__u32 addr;
	__u32 port;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, struct endpoint);
	__type(value, struct endpoint);
} redirects SEC(".maps");

SEC("cgroup/connect4")
int rewrite_dst(struct bpf_sock_addr *ctx)
{
	struct endpoint k = { .addr = ctx->user_ip4, .port = ctx->user_port };
	struct endpoint *to = bpf_map_lookup_elem(&redirects, &k);

	if (!to)
		return 1;
	if (to->addr) {
		ctx->user_ip4 = to->addr;
		ctx->user_port = to->port;
	}
	return 1;
}

char _license[] SEC("license") = "GPL";

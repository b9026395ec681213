// Redirect connections of a control group to port 80 of any IPv4 address to a proxy on this host, port 3128.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ALLOW 1
#define SOCK_STREAM 1
#define HTTP_PORT 80
#define PROXY_ADDRESS 0x7f000001 /* 127.0.0.1 */
#define PROXY_PORT 3128

struct destination {
	__be32 address;
	__be32 port; /* 16 bits in network byte order */
};

/* where the socket wanted to go, by its cookie (SO_COOKIE of the client's socket) */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct destination);
} wanted SEC(".maps");

SEC("cgroup/connect4")
int redirect(struct bpf_sock_addr *ctx)
{
	if (ctx->type != SOCK_STREAM || ctx->user_port != bpf_htons(HTTP_PORT))
		return ALLOW;

	__u64 cookie = bpf_get_socket_cookie(ctx);
	struct destination to = { .address = ctx->user_ip4, .port = ctx->user_port };

	bpf_map_update_elem(&wanted, &cookie, &to, BPF_ANY);
	ctx->user_ip4 = bpf_htonl(PROXY_ADDRESS);
	ctx->user_port = bpf_htons(PROXY_PORT);
	return ALLOW;
}

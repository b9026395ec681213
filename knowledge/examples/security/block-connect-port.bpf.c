// Refuse outgoing connections of a control group to the ports listed in a map, IPv4 and IPv6.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define REFUSE 0
#define ALLOW 1

/* key: port in host byte order; value: attempts refused so far */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u16);
	__type(value, __u64);
} refused_ports SEC(".maps");

static __always_inline int decide(struct bpf_sock_addr *ctx)
{
	/* user_port is a 32-bit field holding a 16-bit port in network byte order */
	__u16 port = bpf_ntohs((__u16)ctx->user_port);
	__u64 *attempts = bpf_map_lookup_elem(&refused_ports, &port);

	if (!attempts)
		return ALLOW;
	__sync_fetch_and_add(attempts, 1);
	return REFUSE; /* connect() fails with EPERM */
}

SEC("cgroup/connect4")
int connect4(struct bpf_sock_addr *ctx)
{
	return decide(ctx);
}

SEC("cgroup/connect6")
int connect6(struct bpf_sock_addr *ctx)
{
	return decide(ctx);
}

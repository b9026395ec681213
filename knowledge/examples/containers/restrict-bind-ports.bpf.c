// Let the processes of a control group bind ports from 8000 to 8999 and chosen by the kernel only, IPv4 and IPv6.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define REFUSE 0
#define ALLOW 1
#define FIRST_PORT 8000
#define LAST_PORT 8999

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u16);   /* port */
	__type(value, __u64); /* attempts refused */
} refused SEC(".maps");

static __always_inline int decide(struct bpf_sock_addr *ctx)
{
	__u16 port = bpf_ntohs((__u16)ctx->user_port);
	__u64 one = 1;

	if (port == 0 || (port >= FIRST_PORT && port <= LAST_PORT))
		return ALLOW;

	__u64 *attempts = bpf_map_lookup_elem(&refused, &port);
	if (attempts)
		__sync_fetch_and_add(attempts, 1);
	else
		bpf_map_update_elem(&refused, &port, &one, BPF_NOEXIST);
	return REFUSE;
}

SEC("cgroup/bind4")
int bind4(struct bpf_sock_addr *ctx)
{
	return decide(ctx);
}

SEC("cgroup/bind6")
int bind6(struct bpf_sock_addr *ctx)
{
	return decide(ctx);
}

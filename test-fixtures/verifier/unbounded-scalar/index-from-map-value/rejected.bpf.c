#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
#define BACKENDS 16
struct svc { __u32 next; __u32 backend[BACKENDS]; };
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u16);
    __type(value, struct svc);
    __uint(max_entries, 64);
} services SEC(".maps");

SEC("cgroup/connect4")
int pick(struct bpf_sock_addr *ctx)
{
	__u16 port = ctx->user_port;
	struct svc *s = bpf_map_lookup_elem(&services, &port);

	if (!s)
		return 1;
	__u32 at = s->next;
	ctx->user_ip4 = s->backend[at];
	return 1;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define AF_INET 2
#define AF_INET6 10

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct in6_addr);
	__type(value, __u64);
} clients SEC(".maps");

SEC("fexit/inet_csk_accept")
int BPF_PROG(accepted, struct sock *sk, struct proto_accept_arg *arg, struct sock *child)
{
	struct in6_addr peer = {};
	__u64 now = bpf_ktime_get_ns();

	if (!child)
		return 0;
	if (child->__sk_common.skc_family == AF_INET)
		peer.in6_u.u6_addr32[3] = child->__sk_common.skc_daddr;
	else if (child->__sk_common.skc_family == AF_INET6)
		peer = child->__sk_common.skc_v6_daddr;
	else
		return 0;
	bpf_map_update_elem(&clients, &peer, &now, BPF_ANY);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define AF_INET6 10

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct in6_addr);
	__type(value, __u64);
} hosts SEC(".maps");

SEC("fentry/tcp_close")
int BPF_PROG(f, struct sock *sk)
{
	struct in6_addr to = sk->__sk_common.skc_v6_daddr;
	__u64 one = 1;

	if (sk->__sk_common.skc_family != AF_INET6)
		return 0;
	bpf_map_update_elem(&hosts, &to, &one, BPF_ANY);
	return 0;
}

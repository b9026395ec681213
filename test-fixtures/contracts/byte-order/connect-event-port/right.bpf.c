#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u16);   /* destination port, as in /etc/services */
	__type(value, __u64);
} connects SEC(".maps");

SEC("fentry/tcp_connect")
int BPF_PROG(on_connect, struct sock *sk)
{
	__u16 port = bpf_ntohs(sk->__sk_common.skc_dport);
	__u64 one = 1, *n;

	//@ assert htons(port) == sk->__sk_common.skc_dport
	n = bpf_map_lookup_elem(&connects, &port);
	if (n)
		__sync_fetch_and_add(n, 1);
	else
		bpf_map_update_elem(&connects, &port, &one, BPF_ANY);
	return 0;
}

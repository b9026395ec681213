#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define AF_INET 2
#define AF_INET6 10

char LICENSE[] SEC("license") = "GPL";

struct peer {
	__u32 family;
	__u32 v4;
	__u8 v6[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct peer);
	__type(value, __u64);
} peers SEC(".maps");

SEC("fentry/tcp_connect")
int BPF_PROG(note_peer, struct sock *sk)
{
	struct peer p = {};
	__u64 one = 1;

	p.family = sk->__sk_common.skc_family;
	if (p.family == AF_INET) {
		//@ assert family(sk) == AF_INET
		p.v4 = sk->__sk_common.skc_daddr;
	} else if (p.family == AF_INET6) {
		__builtin_memcpy(p.v6, &sk->__sk_common.skc_v6_daddr, sizeof(p.v6));
	} else {
		return 0;
	}
	bpf_map_update_elem(&peers, &p, &one, BPF_ANY);
	return 0;
}

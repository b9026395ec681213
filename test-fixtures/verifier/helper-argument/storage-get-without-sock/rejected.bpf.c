#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct conn_state { __u64 bytes; __u32 flags; };

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct conn_state);
} conn SEC(".maps");

SEC("cgroup_skb/ingress")
int cg_state(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;
	struct conn_state *st;

	if (!sk)
		return 1;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return 1;
	st = bpf_sk_storage_get(&conn, skb, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (st)
		st->bytes += skb->len;
	return 1;
}

char _license[] SEC("license") = "GPL";

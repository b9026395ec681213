#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} bytes_by_port SEC(".maps");

static __always_inline void count(__u32 port, __u32 len)
{
	__u64 v = len, *old = bpf_map_lookup_elem(&bytes_by_port, &port);

	if (old)
		__sync_fetch_and_add(old, v);
	else
		bpf_map_update_elem(&bytes_by_port, &port, &v, BPF_ANY);
}

SEC("cgroup_skb/egress")
int egress_sock(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (sk->family != 2)
		return 1;
	count(sk->src_port, skb->len);
	return 1;
}

char _license[] SEC("license") = "GPL";

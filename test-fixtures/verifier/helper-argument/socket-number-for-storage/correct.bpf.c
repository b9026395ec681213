#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} sent SEC(".maps");

SEC("cgroup_skb/egress")
int bytes_sent(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;
	__u64 *total;

	if (!sk)
		return 1;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return 1;
	total = bpf_sk_storage_get(&sent, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (total)
		*total += skb->len;
	return 1;
}

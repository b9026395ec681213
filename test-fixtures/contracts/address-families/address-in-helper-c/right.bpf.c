#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#define AF_INET6 10

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} hosts SEC(".maps");

static __always_inline __u32 daddr_of(struct sock *sk)
{
	__u32 daddr = 0;

	bpf_probe_read_kernel(&daddr, sizeof(daddr), &sk->__sk_common.skc_daddr);
	return daddr;
}

SEC("kprobe/tcp_sendmsg")
int BPF_KPROBE(f, struct sock *sk)
{
	__u32 to;
	__u64 one = 1;

	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_INET6)
		return 0;
	to = daddr_of(sk);
	bpf_map_update_elem(&hosts, &to, &one, BPF_ANY);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

struct conn {
	__u32 daddr;
	__u16 dport;
	__u16 family;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct conn);
} conns SEC(".maps");

SEC("kprobe/tcp_connect")
int BPF_KPROBE(tcp_connect_entry, struct sock *sk)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct conn c = {};

	c.family = sk->__sk_common.skc_family;
	if (c.family != 2)
		return 0;
	c.daddr = BPF_CORE_READ(sk, __sk_common.skc_daddr);
	c.dport = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	bpf_map_update_elem(&conns, &id, &c, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

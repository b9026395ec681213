#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u16);
} ports SEC(".maps");

SEC("kprobe/tcp_connect")
int BPF_KPROBE(f, struct sock *sk)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u16 port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));

	bpf_map_update_elem(&ports, &tid, &port, BPF_ANY);
	return 0;
}

SEC("kretprobe/tcp_connect")
int BPF_KRETPROBE(g)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u16 *port = bpf_map_lookup_elem(&ports, &tid);

	if (port)
		bpf_printk("port %d", *port);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
char _license[] SEC("license") = "GPL";
struct small { __u64 a, b; };

SEC("kprobe/tcp_connect")
int BPF_KPROBE(connect, struct sock *sk)
{
	struct small s = {};

	bpf_probe_read_kernel(&s, sizeof(s), sk);
	bpf_printk("%llx %llx", s.a, s.b);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define SHOW(sk) \
	do { \
		bpf_printk("port %u", bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport))); \
	} while (0)

SEC("kprobe/tcp_close")
int BPF_KPROBE(f, struct sock *sk)
{
	SHOW(sk);
	return 0;
}

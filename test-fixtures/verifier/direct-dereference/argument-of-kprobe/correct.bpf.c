#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
char __license[] SEC("license") = "Dual MIT/GPL";
SEC("kprobe/tcp_v4_connect")
int BPF_KPROBE(connect4, struct sock *sk)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	if (family != 2)
		return 0;
	bpf_printk("connect from %d", bpf_get_current_pid_tgid() >> 32);
	return 0;
}

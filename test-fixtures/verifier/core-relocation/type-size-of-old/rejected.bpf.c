#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

struct sock___old {
	struct { int counter; } sk_old_drops_total;
} __attribute__((preserve_access_index));

__u64 drops;

SEC("kprobe/tcp_v4_do_rcv")
int BPF_KPROBE(old_size, struct sock *sk)
{
	struct sock___old *o = (void *)sk;
	int d = 0;

	bpf_core_read(&d, sizeof(d), &o->sk_old_drops_total.counter);
	drops += d;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
const char _license[] SEC("license") = "GPL";
SEC("struct_ops/ssthresh")
__u32 BPF_PROG(my_ssthresh, struct sock *sk)
{
	return 2;
}

SEC("struct_ops/undo_cwnd")
__u32 BPF_PROG(my_undo, struct sock *sk)
{
	return 2;
}

SEC("struct_ops/cong_avoid")
void BPF_PROG(my_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
}

struct tcp_congestion_operations {
	__u32 (*ssthresh)(struct sock *sk);
	__u32 (*undo_cwnd)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	char name[16];
};

SEC(".struct_ops")
struct tcp_congestion_operations mine = {
	.ssthresh = (void *)my_ssthresh,
	.undo_cwnd = (void *)my_undo,
	.cong_avoid = (void *)my_avoid,
	.name = "kgent_mine",
};

// Print every TCP socket over IPv4 and IPv6 with its state and ports, by walking the kernel's tables.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define AF_INET6 10

SEC("iter/tcp")
int list(struct bpf_iter__tcp *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct sock_common *sk = ctx->sk_common;

	if (ctx->meta->seq_num == 0)
		BPF_SEQ_PRINTF(seq, "%-6s %5s %6s %6s\n", "FAMILY", "STATE", "LOCAL", "REMOTE");
	if (!sk)
		return 0; /* the end */

	BPF_SEQ_PRINTF(seq, "%-6s %5d %6d %6d\n", sk->skc_family == AF_INET6 ? "ipv6" : "ipv4",
		       sk->skc_state, sk->skc_num, bpf_ntohs(sk->skc_dport));
	return 0;
}

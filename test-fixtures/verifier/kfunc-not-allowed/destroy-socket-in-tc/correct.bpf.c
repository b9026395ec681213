#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
extern int bpf_sock_destroy(struct sock_common *sock) __ksym;
const volatile __u16 doomed_port = 9999;

SEC("iter/tcp")
int kill(struct bpf_iter__tcp *ctx)
{
	struct sock_common *sk = ctx->sk_common;

	if (!sk)
		return 0;
	if (sk->skc_num == doomed_port)
		bpf_sock_destroy(sk);
	return 0;
}

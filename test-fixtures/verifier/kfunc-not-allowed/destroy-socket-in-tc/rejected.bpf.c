#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
extern int bpf_sock_destroy(struct sock_common *sock) __ksym;
const volatile __u16 doomed_port = 9999;

SEC("tc")
int kill(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return 0;
	if (sk->src_port == doomed_port)
		bpf_sock_destroy((struct sock_common *)sk);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
SEC("cgroup/bind4")
int bound(struct bpf_sock_addr *ctx)
{
	__u16 port = *((__u16 *)&ctx->user_port + 1);

	return port != 0x5000;
}

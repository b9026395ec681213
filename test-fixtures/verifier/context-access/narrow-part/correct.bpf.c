#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
SEC("cgroup/bind4")
int bound(struct bpf_sock_addr *ctx)
{
	__u16 port = ctx->user_port;

	return port != 0x5000;
}

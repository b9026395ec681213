#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char __license[] SEC("license") = "Dual MIT/GPL";
SEC("cgroup/connect4")
int no_smtp(struct bpf_sock_addr *ctx)
{
	if (ctx->user_port == bpf_htons(25))
		return -1;
	return 1;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
#define SOL_TCP 6
#define TCP_CONGESTION 13

SEC("cgroup/setsockopt")
int congestion(struct bpf_sockopt *ctx)
{
	char *name = ctx->optval, *end = ctx->optval_end;
	int result = 1;

	if (ctx->level != SOL_TCP || ctx->optname != TCP_CONGESTION)
		goto out;
	if (name + 3 > end) {
		result = -22;
		goto out;
	}
	if (name[0] == 'b' && name[1] == 'b' && name[2] == 'r')
		result = 0;
out:
	return result;
}

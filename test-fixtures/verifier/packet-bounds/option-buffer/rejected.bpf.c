#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
SEC("cgroup/setsockopt")
int limit_buffers(struct bpf_sockopt *ctx)
{
	__u8 *end = ctx->optval_end;
	__u32 *value = ctx->optval;

	if (ctx->optname != 7)
		goto out;
	if ((__u8 *)value + 1 > end)
		return 0;
	if (*value > 65536)
		return 0;
out:
	return 1;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

static __always_inline bool is_forwarding(const char *n)
{
	return n[0] == 'i' && n[1] == 'p' && n[2] == '_' && n[3] == 'f';
}

SEC("cgroup/sysctl")
int guard(struct bpf_sysctl *ctx)
{
	char name[32] = {};

	if (!ctx->write)
		return 1;
	if (bpf_sysctl_get_name(ctx, name, sizeof(name), BPF_F_SYSCTL_BASE_NAME) < 0)
		return 0;
	if (is_forwarding(name)) {
		ctx->write = 0;
		return 1;
	}
	return 1;
}

char _license[] SEC("license") = "GPL";

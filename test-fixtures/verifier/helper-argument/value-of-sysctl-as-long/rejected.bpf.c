#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
#define LIMIT 65536

static __always_inline int is_somaxconn(struct bpf_sysctl *ctx)
{
	const char want[] = "net/core/somaxconn";
	char name[32] = {};
	int n = bpf_sysctl_get_name(ctx, name, sizeof(name), 0);

	if (n != sizeof(want) - 1)
		return 0;
	for (int i = 0; i < sizeof(want) - 1; i++)
		if (name[i] != want[i])
			return 0;
	return 1;
}

SEC("cgroup/sysctl")
int guard_backlog(struct bpf_sysctl *ctx)
{
	unsigned long wanted = 0;
	char text[16] = {};

	if (!ctx->write || !is_somaxconn(ctx))
		return 1;
	if (bpf_sysctl_get_new_value(ctx, text, sizeof(text)) < 0)
		return 0;
	if (bpf_strtoul(text, sizeof(text), 0, (unsigned long *)wanted) < 0)
		return 0;
	return wanted <= LIMIT;
}

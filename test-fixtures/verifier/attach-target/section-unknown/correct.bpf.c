#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
SEC("cgroup/sysctl")
int sysctl_guard(struct bpf_sysctl *ctx)
{
	return ctx->write ? 0 : 1;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u32);
} policy SEC(".maps");

SEC("cgroup/sysctl")
int sysctl_policy(struct bpf_sysctl *ctx)
{
	__u32 key = ctx->write ? 1 : 0;
	__u32 *allow;

	allow = bpf_map_lookup_elem(&policy, &key);
	return allow ? *allow != 0 : 1;
}

char _license[] SEC("license") = "GPL";

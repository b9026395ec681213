#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct dev_key {
	__u32 major;
	__u32 minor;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 128);
	__type(key, struct dev_key);
	__type(value, __u32);
} rules SEC(".maps");

SEC("cgroup/dev")
int dev_filter(struct bpf_cgroup_dev_ctx *ctx)
{
	struct dev_key key = { .major = ctx->major, .minor = ctx->minor };
	__u32 want = ctx->access_type >> 16;
	__u32 *mask;

	mask = bpf_map_lookup_elem(&rules, &key);
	if (!mask)
		return 0;
	return *mask & want;
}

char _license[] SEC("license") = "GPL";

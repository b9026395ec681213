#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 128);
	__type(key, __u32);
	__type(value, __u8);
} denied SEC(".maps");

SEC("cgroup/connect4")
int deny_connect(struct bpf_sock_addr *ctx)
{
	__u32 dst = ctx->user_ip4;

	if (bpf_ntohs(ctx->user_port) != 25)
		return 1;
	if (bpf_map_lookup_elem(&denied, &dst)) {
		return 0;
	}
	bpf_sock_ops_cb_flags_set((struct bpf_sock_ops *)ctx, BPF_SOCK_OPS_STATE_CB_FLAG);
	return 1;
}

char _license[] SEC("license") = "GPL";

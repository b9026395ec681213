#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} verdicts SEC(".maps");

SEC("cgroup/bind4")
int bind_verdict(struct bpf_sock_addr *ctx)
{
	__u32 port = ctx->user_port;
	__u32 *v = bpf_map_lookup_elem(&verdicts, &port);

	if (!v)
		return 1;
	return *v;
}

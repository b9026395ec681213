#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u64);
	__type(value, __u64);
} seen SEC(".maps");

SEC("xdp")
int mark(struct xdp_md *ctx)
{
	__u64 one = 1;
	__u64 cookie = ctx->rx_queue_index;

	bpf_map_update_elem(&seen, &cookie, &one, BPF_NOEXIST);
	return XDP_PASS;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct flow {
	__u16 port;
	__u32 addr;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10000);
	__type(key, struct flow);
	__type(value, __u64);
} flows SEC(".maps");

SEC("cgroup/connect4")
int on_connect(struct bpf_sock_addr *ctx)
{
	struct flow f = {};
	__u64 one = 1;

	f.port = ctx->user_port;
	f.addr = ctx->user_ip4;
	bpf_map_update_elem(&flows, &f, &one, BPF_ANY);
	return 1;
}

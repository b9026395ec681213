#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
struct prefix { __u32 len; __u32 addr; };
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 256);
	__type(key, struct prefix);
	__type(value, __u8);
} blocked SEC(".maps");

SEC("cgroup/connect4")
int on_connect(struct bpf_sock_addr *ctx)
{
	struct prefix p = { .len = 32, .addr = ctx->user_ip4 };

	return bpf_map_lookup_elem(&blocked, &p) == NULL;
}

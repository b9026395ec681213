#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
struct addr_key { __u32 prefixlen; __u8 addr[12]; };
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 100);
	__type(key, struct addr_key);
	__type(value, __u32);
} nets SEC(".maps");

SEC("cgroup/connect4")
int allow(struct bpf_sock_addr *ctx)
{
	struct addr_key key = { .prefixlen = 32 };
	__u32 *verdict;

	*(__u32 *)key.addr = ctx->user_ip4;
	verdict = bpf_map_lookup_elem(&nets, &key);
	return verdict ? 0 : 1;
}
const char _license[] SEC("license") = "GPL";

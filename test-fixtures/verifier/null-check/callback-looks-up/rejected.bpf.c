#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
struct limits { __u64 bytes; __u64 packets; };
struct usage { __u64 bytes; __u64 packets; __u32 over; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, struct usage);
} per_user SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, struct limits);
} per_user_limit SEC(".maps");

struct sweep_ctx {
	__u32 checked;
	__u32 over;
};

static long check_user(void *map, __u32 *uid, struct usage *u, struct sweep_ctx *sweep)
{
	__u32 key = *uid;
	struct limits *l = bpf_map_lookup_elem(&per_user_limit, &key);

	sweep->checked++;
	if (u->bytes > l->bytes || u->packets > l->packets) {
		u->over = 1;
		sweep->over++;
	}
	return 0;
}

SEC("tc")
int sweep_users(struct __sk_buff *skb)
{
	struct sweep_ctx sweep = {};

	if (skb->mark != 0x5eeb)
		return 0;
	bpf_for_each_map_elem(&per_user, check_user, &sweep, 0);
	skb->priority = sweep.over;
	return 0;
}

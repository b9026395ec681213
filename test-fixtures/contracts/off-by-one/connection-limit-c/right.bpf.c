#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define LIMIT 3

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u32);
} connects SEC(".maps");

//@ invariant connects[uid] : connects[uid] >= 1 && connects[uid] <= 3

/* no more than LIMIT connects a user */
SEC("cgroup/connect4")
int limit_connects(struct bpf_sock_addr *ctx)
{
	__u32 uid = bpf_get_current_uid_gid() & 0xffffffff, one = 1;
	__u32 *n = bpf_map_lookup_elem(&connects, &uid);

	if (!n) {
		bpf_map_update_elem(&connects, &uid, &one, BPF_NOEXIST);
		return 1;
	}
	if (*n >= LIMIT)
		return 0;
	*n = *n + 1;
	return 1;
}

char LICENSE[] SEC("license") = "GPL";

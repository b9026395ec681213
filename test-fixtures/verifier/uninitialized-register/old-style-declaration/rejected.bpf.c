#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} settings SEC(".maps");
static void *(*lookup)(void *map) = (void *)BPF_FUNC_map_lookup_elem;

SEC("cgroup/sock_create")
int create(struct bpf_sock *sk)
{
	__u32 *mode = lookup(&settings);

	if (mode && *mode == 1)
		return 0;
	return 1;
}

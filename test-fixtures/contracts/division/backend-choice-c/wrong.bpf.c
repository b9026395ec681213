#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} numbers SEC(".maps"); /* 0: backends, 1: the one chosen last */

SEC("tp/syscalls/sys_enter_listen")
int joins(void *ctx)
{
	__u32 k = 0, *n = bpf_map_lookup_elem(&numbers, &k);

	if (n && *n < 64)
		*n += 1;
	return 0;
}

SEC("tc")
int choose(struct __sk_buff *skb)
{
	__u32 k0 = 0, k1 = 1;
	__u32 *n = bpf_map_lookup_elem(&numbers, &k0);
	__u32 *chosen = bpf_map_lookup_elem(&numbers, &k1);

	if (!n || !chosen)
		return 0;
	*chosen = bpf_get_hash_recalc(skb) % *n;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct cnt { __u64 n; };
struct cnts_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, struct cnt);
	__uint(max_entries, 64);
} cnts SEC(".maps");

SEC("tp/sched/sched_switch")
int sw(void *ctx)
{
	__u32 k = 0;
	struct cnt *c = bpf_map_lookup_elem(&cnts, &k);

	if (!c)
		return 0;
	__sync_fetch_and_add(&c->n, 1);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct cell { __u64 n; __u64 t; };
struct grid { struct cell c[16]; };
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct grid);
} grids SEC(".maps");
#define FAR (1ULL << 30)

SEC("tc")
int far_cell(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct grid *g = bpf_map_lookup_elem(&grids, &zero);
	struct cell *c;

	if (!g)
		return 0;
	c = g->c + FAR;
	c->n++;
	return 0;
}

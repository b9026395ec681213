#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define COLS 16
#define ROWS 16

struct matrix {
	__u8 cell[ROWS * COLS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct matrix);
} grid SEC(".maps");

SEC("tc")
int lookup_row(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u32 row = skb->priority & (ROWS - 1);
	struct matrix *m = bpf_map_lookup_elem(&grid, &zero);
	unsigned long p;

	if (!m)
		return 0;
	p = (unsigned long)m->cell & ~(unsigned long)(COLS - 1);
	p += row * COLS;
	skb->mark = *(__u8 *)p;
	return 0;
}

char _license[] SEC("license") = "GPL";

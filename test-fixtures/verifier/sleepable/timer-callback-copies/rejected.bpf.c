#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct elem { struct bpf_timer t; __u64 addr; };
struct timers_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct elem);
	__uint(max_entries, 1);
} timers SEC(".maps");
#define CLOCK_MONOTONIC 1

static int tick(void *map, __u32 *key, struct elem *e)
{
	char c = 0;

	bpf_copy_from_user(&c, 1, (void *)e->addr);
	if (c)
		bpf_timer_start(&e->t, 1000000, 0);
	return 0;
}

SEC("tc")
int arm(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct elem *e = bpf_map_lookup_elem(&timers, &zero);

	if (!e)
		return 0;
	if (bpf_timer_init(&e->t, &timers, CLOCK_MONOTONIC))
		return 0;
	bpf_timer_set_callback(&e->t, tick);
	bpf_timer_start(&e->t, 1000000, 0);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct work {
	struct bpf_timer t;
	__u64 runs;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct work);
} jobs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} other SEC(".maps");

static int on_tick(void *map, __u32 *key, struct work *w)
{
	w->runs++;
	return 0;
}

SEC("tc")
int tick(struct __sk_buff *skb)
{
	__u32 k = 0;
	struct work *w = bpf_map_lookup_elem(&jobs, &k);

	if (!w)
		return 0;
	bpf_timer_init(&w->t, &other, 1);
	bpf_timer_set_callback(&w->t, on_tick);
	bpf_timer_start(&w->t, 1000000, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

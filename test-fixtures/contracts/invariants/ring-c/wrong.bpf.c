#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define PLACES 4

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} next_place SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PLACES);
	__type(key, __u32);
	__type(value, __u64);
} ring SEC(".maps");

//@ invariant next_place[k] : next_place[k] < 4

/* the last processes that began a program, by processor */
SEC("tp/sched/sched_process_exec")
int remember(struct trace_event_raw_sched_process_exec *ctx)
{
	__u32 zero = 0;
	__u32 *place = bpf_map_lookup_elem(&next_place, &zero);

	if (!place)
		return 0;
	__u32 at = *place;
	__u64 *slot = bpf_map_lookup_elem(&ring, &at);
	if (slot)
		*slot = (__u32)ctx->pid;
	at++;
	if (at > PLACES)
		at = 0;
	*place = at;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

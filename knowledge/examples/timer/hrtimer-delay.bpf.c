// Measure how much later than asked for high-resolution timers fire, as a histogram in microseconds.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define SLOTS 24

/* when a timer wants to fire, by its address */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, __u64);
} wanted SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, __u64);
} late_us SEC(".maps");

SEC("tracepoint/timer/hrtimer_start")
int on_start(struct trace_event_raw_hrtimer_start *ctx)
{
	__u64 timer = (__u64)ctx->hrtimer;
	__u64 expires = ctx->expires; /* nanoseconds of the timer's clock */

	bpf_map_update_elem(&wanted, &timer, &expires, BPF_ANY);
	return 0;
}

SEC("tracepoint/timer/hrtimer_expire_entry")
int on_expire(struct trace_event_raw_hrtimer_expire_entry *ctx)
{
	__u64 timer = (__u64)ctx->hrtimer;
	__u64 *expires = bpf_map_lookup_elem(&wanted, &timer);
	if (!expires)
		return 0;

	/* `now` is read from the same clock as `expires`, whichever that is */
	__s64 late = ctx->now - (__s64)*expires;
	bpf_map_delete_elem(&wanted, &timer);

	__u32 slot = 0;
	__u64 us = late > 0 ? (__u64)late / 1000 : 0; /* BPF divides unsigned numbers only */
	for (int i = 0; i < SLOTS - 1; i++) {
		if (us <= 1)
			break;
		us >>= 1;
		slot++;
	}
	__u64 *count = bpf_map_lookup_elem(&late_us, &slot);
	if (count)
		*count += 1;
	return 0;
}

// Measure how long disk requests take from device issue to completion, as a histogram in microseconds.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

#define SLOTS 27

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);   /* address of the request */
	__type(value, __u64); /* when it went to the device, nanoseconds */
} issued SEC(".maps");

/* slot i counts requests of 2^i up to 2^(i+1) - 1 microseconds; slot 0 also holds shorter ones */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, __u64);
} took_us SEC(".maps");

SEC("tp_btf/block_rq_issue")
int BPF_PROG(on_issue, struct request *rq)
{
	__u64 key = (__u64)rq;
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&issued, &key, &now, BPF_ANY);
	return 0;
}

SEC("tp_btf/block_rq_complete")
int BPF_PROG(on_complete, struct request *rq)
{
	__u64 key = (__u64)rq;
	__u64 *since = bpf_map_lookup_elem(&issued, &key);
	if (!since)
		return 0;

	__u64 us = (bpf_ktime_get_ns() - *since) / 1000;
	__u32 slot = 0;
	for (int i = 0; i < SLOTS - 1; i++) {
		if (us <= 1)
			break;
		us >>= 1;
		slot++;
	}

	__u64 *count = bpf_map_lookup_elem(&took_us, &slot);
	if (count)
		*count += 1;
	bpf_map_delete_elem(&issued, &key);
	return 0;
}

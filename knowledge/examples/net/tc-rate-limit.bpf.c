// Drop packets beyond a rate of one megabyte a second, with bursts of 64 kilobytes, as a token bucket.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define TC_ACT_OK 0
#define TC_ACT_SHOT 2
#define BYTES_PER_SECOND 1000000ULL
#define BURST_BYTES 65536ULL
#define SECOND_NS 1000000000ULL

struct rate_budget {
	struct bpf_spin_lock lock;
	__u64 filled_at; /* nanoseconds since boot */
	__u64 tokens;    /* bytes that may pass now */
	__u64 passed;    /* packets */
	__u64 dropped;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct rate_budget);
} buckets SEC(".maps");

SEC("tc")
int limit(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct rate_budget *b = bpf_map_lookup_elem(&buckets, &zero);
	if (!b)
		return TC_ACT_OK;

	/* no helper may be called while the lock is held */
	__u64 now = bpf_ktime_get_ns();
	__u64 length = skb->len;
	int action = TC_ACT_SHOT;

	bpf_spin_lock(&b->lock);
	__u64 elapsed = now - b->filled_at;
	/* after a second the bucket is full in any case, and the product cannot overflow */
	__u64 tokens = elapsed >= SECOND_NS ? BURST_BYTES
					    : b->tokens + elapsed * BYTES_PER_SECOND / SECOND_NS;
	if (tokens > BURST_BYTES)
		tokens = BURST_BYTES;
	b->filled_at = now;
	if (tokens >= length) {
		tokens -= length;
		b->passed++;
		action = TC_ACT_OK;
	} else {
		b->dropped++;
	}
	b->tokens = tokens;
	bpf_spin_unlock(&b->lock);
	return action;
}

// Add up how long threads wait for kernel locks, by kernel stack and kind of lock, in nanoseconds.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define MAX_DEPTH 32

struct begun {
	__u64 since; /* nanoseconds since boot */
	__s32 stack;
	__u32 flags;
};

struct lock_key {
	__s32 stack;
	__u32 flags;
};

struct lock_waits {
	__u64 count;
	__u64 total_ns;
	__u64 longest_ns;
};

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 4096);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, MAX_DEPTH * sizeof(__u64));
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32); /* thread */
	__type(value, struct begun);
} waiting SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct lock_key);
	__type(value, struct lock_waits);
} waits SEC(".maps");

SEC("tracepoint/lock/contention_begin")
int on_begin(struct trace_event_raw_contention_begin *ctx)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct begun begun = { .since = bpf_ktime_get_ns(), .flags = ctx->flags };

	if (thread == 0)
		return 0;
	begun.stack = bpf_get_stackid(ctx, &stacks, 0);
	bpf_map_update_elem(&waiting, &thread, &begun, BPF_ANY);
	return 0;
}

SEC("tracepoint/lock/contention_end")
int on_end(void *ctx)
{
	__u32 thread = bpf_get_current_pid_tgid();
	struct begun *begun = bpf_map_lookup_elem(&waiting, &thread);
	if (!begun)
		return 0;

	struct lock_key key = { .stack = begun->stack, .flags = begun->flags };
	__u64 ns = bpf_ktime_get_ns() - begun->since;
	bpf_map_delete_elem(&waiting, &thread);

	struct lock_waits *w = bpf_map_lookup_elem(&waits, &key);
	if (!w) {
		struct lock_waits none = {};
		bpf_map_update_elem(&waits, &key, &none, BPF_NOEXIST);
		w = bpf_map_lookup_elem(&waits, &key);
		if (!w)
			return 0;
	}
	__sync_fetch_and_add(&w->count, 1);
	__sync_fetch_and_add(&w->total_ns, ns);
	if (ns > w->longest_ns)
		w->longest_ns = ns;
	return 0;
}

// Show how long system calls of each number take, as a histogram of powers of two in nanoseconds.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define SLOTS 40

struct histogram {
	__u64 slots[SLOTS];
};

struct call {
	__u64 start; /* nanoseconds since boot */
	__u64 number;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64); /* thread */
	__type(value, struct call);
} running SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 512);
	__type(key, __u64); /* number of the call */
	__type(value, struct histogram);
} took_ns SEC(".maps");

/* too large for the stack of a program: new entries start as a copy of it */
static const struct histogram empty;

static __always_inline __u32 slot_of(__u64 value)
{
	__u32 slot = 0;

	for (int i = 0; i < SLOTS - 1; i++) {
		if (value <= 1)
			break;
		value >>= 1;
		slot++;
	}
	return slot;
}

SEC("raw_tp/sys_enter")
int on_enter(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call call = { .start = bpf_ktime_get_ns(), .number = ctx->args[1] };

	bpf_map_update_elem(&running, &thread, &call, BPF_ANY);
	return 0;
}

SEC("raw_tp/sys_exit")
int on_exit(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call *call = bpf_map_lookup_elem(&running, &thread);
	if (!call)
		return 0;

	__u64 number = call->number;
	__u32 slot = slot_of(bpf_ktime_get_ns() - call->start);
	bpf_map_delete_elem(&running, &thread);

	struct histogram *h = bpf_map_lookup_elem(&took_ns, &number);
	if (!h) {
		bpf_map_update_elem(&took_ns, &number, &empty, BPF_NOEXIST);
		h = bpf_map_lookup_elem(&took_ns, &number);
	}
	if (h && slot < SLOTS)
		__sync_fetch_and_add(&h->slots[slot], 1);
	return 0;
}

// Measure how long runnable tasks wait for a CPU, as a histogram of powers of two in microseconds.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

#define SLOTS 27

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);   /* thread id */
	__type(value, __u64); /* when it became runnable, nanoseconds */
} queued SEC(".maps");

/* slot i counts waits of 2^i up to 2^(i+1) - 1 microseconds; slot 0 also holds shorter ones */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, __u64);
} waited_us SEC(".maps");

static __always_inline __u32 log2_slot(__u64 v)
{
	__u32 slot = 0;

	for (int i = 0; i < SLOTS - 1; i++) {
		if (v <= 1)
			break;
		v >>= 1;
		slot++;
	}
	return slot;
}

static __always_inline void becomes_runnable(struct task_struct *p)
{
	__u32 tid = BPF_CORE_READ(p, pid);
	__u64 now = bpf_ktime_get_ns();

	if (tid)
		bpf_map_update_elem(&queued, &tid, &now, BPF_ANY);
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(on_wakeup, struct task_struct *p)
{
	becomes_runnable(p);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_wakeup_new, struct task_struct *p)
{
	becomes_runnable(p);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next,
	     unsigned int prev_state)
{
	/* preempted, or gave way while still runnable: back to the queue */
	if (preempt || prev_state == 0)
		becomes_runnable(prev);

	__u32 tid = BPF_CORE_READ(next, pid);
	__u64 *since = bpf_map_lookup_elem(&queued, &tid);
	if (!since)
		return 0;

	__u32 slot = log2_slot((bpf_ktime_get_ns() - *since) / 1000);
	__u64 *count = bpf_map_lookup_elem(&waited_us, &slot);
	if (count)
		*count += 1;
	bpf_map_delete_elem(&queued, &tid);
	return 0;
}

// Add up the time threads wait off the CPU by process and kernel stack, in microseconds.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

#define MAX_DEPTH 64
#define TASK_DEAD 0x30 /* exit states: it will not come back */

struct wait {
	__u64 since; /* nanoseconds since boot */
	__s32 stack;
	__u32 padding;
};

struct waiter {
	__s32 stack; /* negative: none */
	__u32 pid;
	char comm[16];
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
	__type(value, struct wait);
} waiting SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, struct waiter);
	__type(value, __u64);
} waited_us SEC(".maps");

static __always_inline void add_time(struct task_struct *task, struct wait *wait)
{
	__u64 us = (bpf_ktime_get_ns() - wait->since) / 1000;
	struct waiter key = { .stack = wait->stack, .pid = task->tgid };

	if (us == 0)
		return;
	bpf_probe_read_kernel_str(key.comm, sizeof(key.comm), task->comm);
	__u64 *total = bpf_map_lookup_elem(&waited_us, &key);
	if (total)
		__sync_fetch_and_add(total, us);
	else
		bpf_map_update_elem(&waited_us, &key, &us, BPF_NOEXIST);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	__u32 leaving = prev->pid, coming = next->pid;

	/* the stack is that of the task that leaves; process 0 is the idle task */
	if (leaving != 0 && !(prev->exit_state & TASK_DEAD)) {
		struct wait wait = { .since = bpf_ktime_get_ns() };
		wait.stack = bpf_get_stackid(ctx, &stacks, 0);
		bpf_map_update_elem(&waiting, &leaving, &wait, BPF_ANY);
	}

	struct wait *wait = bpf_map_lookup_elem(&waiting, &coming);
	if (wait) {
		add_time(next, wait);
		bpf_map_delete_elem(&waiting, &coming);
	}
	return 0;
}

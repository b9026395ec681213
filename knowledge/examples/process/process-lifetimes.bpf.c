// Report each process that ends with its parent, exit status, signal and how long it lived, through a ring buffer.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct event {
	__u64 age_ms;
	__u32 pid;
	__u32 parent;
	__u32 status;
	__u32 signal;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	if (task->pid != task->tgid)
		return 0; /* a thread */

	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e)
		return 0;

	e->age_ms = (bpf_ktime_get_ns() - task->start_time) / 1000000;
	e->pid = task->tgid;
	e->parent = task->real_parent->tgid;
	/* the exit status is in bits 8 to 15, the signal in the lowest 7 */
	e->status = (task->exit_code >> 8) & 0xff;
	e->signal = task->exit_code & 0x7f;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	bpf_ringbuf_submit(e, 0);
	return 0;
}

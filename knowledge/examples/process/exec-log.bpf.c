// Report each program that starts: process, parent, user and file, through a ring buffer.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

struct event {
	__u32 pid;
	__u32 parent_pid;
	__u32 uid;
	char comm[16];
	char file[128];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SEC("tracepoint/sched/sched_process_exec")
int log_exec(struct trace_event_raw_sched_process_exec *ctx)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e)
		return 0; /* the reader is too slow: this event is lost */

	struct task_struct *task = (void *)bpf_get_current_task();
	e->pid = bpf_get_current_pid_tgid() >> 32;
	e->parent_pid = BPF_CORE_READ(task, real_parent, tgid);
	e->uid = (__u32)bpf_get_current_uid_gid();
	bpf_get_current_comm(e->comm, sizeof(e->comm));

	/* the low 16 bits of a __data_loc word are the string's offset in the record */
	__u32 offset = ctx->__data_loc_filename & 0xffff;
	bpf_probe_read_kernel_str(e->file, sizeof(e->file), (void *)ctx + offset);

	bpf_ringbuf_submit(e, 0);
	return 0;
}

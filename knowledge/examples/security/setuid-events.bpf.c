// Report each process whose effective user becomes root although a program of another user started it.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct event {
	__u32 pid;
	__u32 uid;
	__u32 euid;
	char comm[16];
	char parent[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} events SEC(".maps");

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	__u32 uid = task->cred->uid.val;
	__u32 euid = task->cred->euid.val;

	if (uid == 0 || euid != 0)
		return 0;

	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e)
		return 0;
	e->pid = task->tgid;
	e->uid = uid;
	e->euid = euid;
	bpf_probe_read_kernel_str(e->comm, sizeof(e->comm), task->comm);
	bpf_probe_read_kernel_str(e->parent, sizeof(e->parent), task->real_parent->comm);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

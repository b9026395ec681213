#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
struct fork_event { __u32 pid; char comm[16]; };
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} q SEC(".maps");
#define TASK_NAME 24

SEC("tp/sched/sched_process_fork")
int forked(void *ctx)
{
	struct fork_event *m = bpf_ringbuf_reserve(&q, sizeof(*m), 0);

	if (!m)
		return 0;
	m->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(m->comm, sizeof(m->comm));
	bpf_ringbuf_submit(m, 0);
	return 0;
}

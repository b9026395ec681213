#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} rb SEC(".maps");
struct note { __u64 ts; __u64 pid; };

SEC("tp/sched/sched_process_exec")
int on_exec(void *ctx)
{
	struct bpf_dynptr d;
	struct note *n;

	if (bpf_ringbuf_reserve_dynptr(&rb, sizeof(struct note), 0, &d))
		goto drop;
	n = bpf_dynptr_data(&d, 0, 8);
	if (!n)
		goto drop;
	n->ts = bpf_ktime_get_ns();
	n->pid = bpf_get_current_pid_tgid();
	bpf_ringbuf_submit_dynptr(&d, 0);
	return 0;
drop:
	bpf_ringbuf_discard_dynptr(&d, 0);
	return 0;
}

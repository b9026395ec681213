#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} rb SEC(".maps");
__u32 last;

SEC("tp/sched/sched_process_exit")
int bye(void *ctx)
{
	struct bpf_dynptr d;
	__u32 *pid;

	if (bpf_ringbuf_reserve_dynptr(&rb, 16, 0, &d))
		goto out;
	pid = bpf_dynptr_data(&d, 0, sizeof(*pid));
	if (!pid)
		goto out;
	*pid = bpf_get_current_pid_tgid() >> 32;
	bpf_ringbuf_submit_dynptr(&d, 0);
	last = *(volatile __u32 *)pid;
	return 0;
out:
	bpf_ringbuf_discard_dynptr(&d, 0);
	return 0;
}

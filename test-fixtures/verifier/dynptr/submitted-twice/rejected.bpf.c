#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} rb SEC(".maps");

SEC("tp/sched/sched_process_exec")
int on_exec(void *ctx)
{
	struct bpf_dynptr d;
	__u64 ts = bpf_ktime_get_ns();
	long err;

	err = bpf_ringbuf_reserve_dynptr(&rb, sizeof(ts), 0, &d);
	if (!err)
		err = bpf_dynptr_write(&d, 0, &ts, sizeof(ts), 0);
	if (err)
		bpf_ringbuf_discard_dynptr(&d, 0);
	bpf_ringbuf_submit_dynptr(&d, 0);
	return 0;
}

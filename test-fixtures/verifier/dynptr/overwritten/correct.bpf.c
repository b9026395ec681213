#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} rb SEC(".maps");

SEC("tp/sched/sched_switch")
int two(void *ctx)
{
	struct bpf_dynptr a;
	struct bpf_dynptr b;
	__u32 v = 1;

	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, &a);
	bpf_dynptr_write(&a, 0, &v, sizeof(v), 0);
	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, &b);
	bpf_dynptr_write(&b, 0, &v, sizeof(v), 0);
	bpf_ringbuf_submit_dynptr(&a, 0);
	bpf_ringbuf_submit_dynptr(&b, 0);
	return 0;
}

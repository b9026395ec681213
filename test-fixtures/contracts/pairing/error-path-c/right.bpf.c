#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, __u64);
} start SEC(".maps");

SEC("tp/syscalls/sys_enter_unlink")
int begin(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid(), ts = bpf_ktime_get_ns();

	bpf_map_update_elem(&start, &id, &ts, BPF_ANY);
	return 0;
}

SEC("tp/syscalls/sys_exit_unlink")
int end(struct trace_event_raw_sys_exit *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u64 *ts = bpf_map_lookup_elem(&start, &id);

	if (!ts)
		return 0;
	if (ctx->ret == 0)
		bpf_printk("unlink took %llu ns", bpf_ktime_get_ns() - *ts);
	bpf_map_delete_elem(&start, &id);
	//@ assert !present(start[id])
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

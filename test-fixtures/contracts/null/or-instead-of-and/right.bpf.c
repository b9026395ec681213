#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, __u64);
} began SEC(".maps"), size SEC(".maps");

SEC("tp/raw_syscalls/sys_exit")
int on_exit(struct trace_event_raw_sys_exit *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 *t = bpf_map_lookup_elem(&began, &thread);
	__u64 *s = bpf_map_lookup_elem(&size, &thread);

	if (!t || !s)
		return 0;
	//@ assert t != 0 && s != 0
	bpf_printk("%llu bytes, begun at %llu", *s, *t);
	return 0;
}

SEC("tp/syscalls/sys_enter_pread64")
int on_enter(struct trace_event_raw_sys_enter *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 now = bpf_ktime_get_ns(), bytes = ctx->args[2];

	bpf_map_update_elem(&began, &thread, &now, BPF_ANY);
	if (bytes)
		bpf_map_update_elem(&size, &thread, &bytes, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} accepted SEC(".maps");

SEC("tp/syscalls/sys_exit_accept4")
int on_accept(struct trace_event_raw_sys_exit *ctx)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	__u64 one = 1, *n = bpf_map_lookup_elem(&accepted, &tgid);

	if (ctx->ret <= 0)
		return 0;
	//@ assert ctx->ret > 0
	if (n)
		*n += 1;
	else
		bpf_map_update_elem(&accepted, &tgid, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

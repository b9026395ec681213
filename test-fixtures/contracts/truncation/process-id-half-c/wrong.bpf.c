#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32); /* process */
	__type(value, __u64);
} kills SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_kill")
int on_kill(struct trace_event_raw_sys_enter *ctx)
{
	__u64 id = bpf_get_current_pid_tgid(), one = 1;
	__u32 process = id;
	__u64 *n;

	//@ assert ((__u64)process << 32) <= id && id - ((__u64)process << 32) <= 0xffffffff
	n = bpf_map_lookup_elem(&kills, &process);
	if (n)
		__sync_fetch_and_add(n, 1);
	else
		bpf_map_update_elem(&kills, &process, &one, BPF_ANY);
	return 0;
}

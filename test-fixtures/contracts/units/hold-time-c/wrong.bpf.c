#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define SLOW_US 5000

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u64);
} began SEC(".maps"), slow SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_fsync")
int enter(void *ctx)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&began, &tid, &now, BPF_ANY);
	return 0;
}

SEC("tracepoint/syscalls/sys_exit_fsync")
int leave(void *ctx)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();
	__u64 *t0 = bpf_map_lookup_elem(&began, &tid);

	if (!t0)
		return 0;
	__u64 delta = bpf_ktime_get_ns() - *t0;
	if (delta >= SLOW_US) {
		//@ assert delta >= 5000000
		bpf_map_update_elem(&slow, &tid, &delta, BPF_ANY);
	}
	bpf_map_delete_elem(&began, &tid);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

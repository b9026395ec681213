#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, __u64);
} start SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, __u64);
} spent SEC(".maps");

SEC("tp/syscalls/sys_enter_openat")
int open_begins(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&start, &id, &now, BPF_ANY);
	return 0;
}

SEC("tp/syscalls/sys_exit_openat")
int open_ends(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u64 *began = bpf_map_lookup_elem(&start, &id);
	__u64 span;

	if (!began)
		return 0;
	span = bpf_ktime_get_ns() - *began;
	//@ assert present(start[id])
	bpf_map_update_elem(&spent, &id, &span, BPF_ANY);
	bpf_map_delete_elem(&start, &id);
	return 0;
}

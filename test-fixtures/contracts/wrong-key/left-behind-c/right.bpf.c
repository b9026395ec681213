#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, __u64);
} start SEC(".maps");

SEC("tp/syscalls/sys_enter_mmap")
int mmap_in(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();

	bpf_map_update_elem(&start, &id, &now, BPF_ANY);
	return 0;
}

SEC("tp/syscalls/sys_exit_mmap")
int mmap_out(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u64 *t = bpf_map_lookup_elem(&start, &id);

	if (t) {
		bpf_printk("mmap took %llu ns", bpf_ktime_get_ns() - *t);
		bpf_map_delete_elem(&start, &id);
	}
	//@ assert !present(start[id])
	return 0;
}

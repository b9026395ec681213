#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, __u64);
} asleep SEC(".maps");

SEC("tp/syscalls/sys_enter_clock_nanosleep")
int sleeps(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();

	bpf_map_update_elem(&asleep, &id, &now, BPF_ANY);
	return 0;
}

SEC("tp/syscalls/sys_exit_clock_nanosleep")
int wakes(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u64 *since = bpf_map_lookup_elem(&asleep, &id);

	if (!since)
		return 0;
	__u64 slept = bpf_ktime_get_ns() - *since;
	if (slept > 1000000)
		bpf_printk("slept %llu ns", slept);
	bpf_map_delete_elem(&asleep, &id);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

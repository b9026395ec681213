#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} start SEC(".maps");

SEC("kprobe/vfs_fsync")
int BPF_KPROBE(f)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 ts = bpf_ktime_get_ns();

	bpf_map_update_elem(&start, &tid, &ts, BPF_ANY);
	return 0;
}

SEC("kretprobe/vfs_fsync")
int BPF_KRETPROBE(g)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 *ts = bpf_map_lookup_elem(&start, &tid);

	if (!ts)
		return 0;
	bpf_printk("fsync took %llu ms", (bpf_ktime_get_ns() - *ts) / 1000000);
	bpf_map_delete_elem(&start, &tid);
	return 0;
}

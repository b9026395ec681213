#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} bytes SEC(".maps");

SEC("kretprobe/do_mmap")
int BPF_KRETPROBE(f, long ret)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u32 n = ret;
	__u64 sum;

	if (ret <= 0)
		return 0;
	sum = n;
	bpf_map_update_elem(&bytes, &pid, &sum, BPF_ANY);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
struct v1 { __u32 pid; __u32 uid; };
struct v2 { __u32 pid; __u32 uid; __u64 started; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct v1);
} procs SEC(".maps");

SEC("tp/sched/sched_process_exec")
int exec(void *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct v2 *p = bpf_map_lookup_elem(&procs, &pid);

	if (p)
		p->started = bpf_ktime_get_ns();
	return 0;
}

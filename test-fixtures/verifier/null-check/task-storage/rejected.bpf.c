#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char _license[] SEC("license") = "GPL";
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} woken_at SEC(".maps");

SEC("tp_btf/sched_wakeup")
int BPF_PROG(wakeup, struct task_struct *p)
{
	__u64 *ts = bpf_task_storage_get(&woken_at, p, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	*ts = bpf_ktime_get_ns();
	return 0;
}

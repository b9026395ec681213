#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char _license[] SEC("license") = "GPL";

struct task_info {
	__u64 runtime;
	__u32 switches;
};
struct threads_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, pid_t);
	__type(value, struct task_info);
	__uint(max_entries, 10240);
} threads SEC(".maps");

SEC("raw_tp/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	pid_t from = (pid_t)bpf_get_current_pid_tgid();
	pid_t zero = 0;
	struct task_info *a = bpf_map_lookup_elem(&threads, &from);
	struct task_info *b = bpf_map_lookup_elem(&threads, &zero);

	if (a && b) {
		a->switches++;
		b->switches++;
	}
	return 0;
}

// Add up the CPU time of each control group in nanoseconds, kept in the storage of the group itself.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64); /* when the running thread got this CPU */
} since SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64); /* number of the control group */
	__type(value, __u64);
} cpu_ns SEC(".maps");

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	__u32 zero = 0;
	__u64 now = bpf_ktime_get_ns();
	__u64 *start = bpf_map_lookup_elem(&since, &zero);
	if (!start)
		return 0;

	__u64 ran = now - *start;
	int known = *start != 0; /* not so at the first switch of a CPU */
	*start = now;
	if (prev->pid == 0 || !known)
		return 0; /* the idle task belongs to nobody */

	/* the current task is still `prev` here; version 2 groups */
	__u64 group = bpf_get_current_cgroup_id();
	__u64 *total = bpf_map_lookup_elem(&cpu_ns, &group);
	if (total)
		__sync_fetch_and_add(total, ran);
	else
		bpf_map_update_elem(&cpu_ns, &group, &ran, BPF_NOEXIST);
	return 0;
}

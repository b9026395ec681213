// Add up the CPU time of each process in nanoseconds, exactly, from one context switch to the next.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct cpu_time {
	__u64 ns;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64); /* when the running thread got this CPU */
} since SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32); /* process id */
	__type(value, struct cpu_time);
} cpu_ns SEC(".maps");

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	__u32 zero = 0, pid = prev->tgid;
	__u64 now = bpf_ktime_get_ns();
	__u64 *start = bpf_map_lookup_elem(&since, &zero);
	if (!start)
		return 0;

	__u64 ran = now - *start;
	int known = *start != 0; /* not so at the first switch of a CPU */
	*start = now;
	if (pid == 0 || !known)
		return 0;

	struct cpu_time *t = bpf_map_lookup_elem(&cpu_ns, &pid);
	if (!t) {
		struct cpu_time none = {};
		bpf_map_update_elem(&cpu_ns, &pid, &none, BPF_NOEXIST);
		t = bpf_map_lookup_elem(&cpu_ns, &pid);
		if (!t)
			return 0;
	}
	__sync_fetch_and_add(&t->ns, ran);
	/* each time: a process has another name after it executes another program */
	bpf_probe_read_kernel_str(t->comm, sizeof(t->comm), prev->comm);
	return 0;
}

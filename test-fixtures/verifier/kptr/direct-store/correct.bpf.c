#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char LICENSE[] SEC("license") = "GPL";
extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;
typedef struct task_struct task_t;
struct slot { task_t __kptr *task; __u64 when; };
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 128);
	__type(key, __u32);
	__type(value, struct slot);
} slots SEC(".maps");

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(woken, struct task_struct *p)
{
	__u32 key = 1;
	struct task_struct *t;
	struct slot *s = bpf_map_lookup_elem(&slots, &key);

	if (!s)
		return 0;
	t = bpf_task_acquire(p);
	if (!t)
		return 0;
	s->when = bpf_ktime_get_ns();
	t = bpf_kptr_xchg(&s->task, t);
	if (t)
		bpf_task_release(t);
	return 0;
}

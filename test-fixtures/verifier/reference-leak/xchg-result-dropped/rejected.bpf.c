#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char LICENSE[] SEC("license") = "GPL";
extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;
typedef struct task_struct task_t;
struct holder { task_t __kptr *task; };
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct holder);
} holders SEC(".maps");

SEC("tp_btf/task_newtask")
int BPF_PROG(keep, struct task_struct *task, u64 flags)
{
	__u32 zero = 0;
	struct holder *h = bpf_map_lookup_elem(&holders, &zero);
	struct task_struct *mine, *old;

	if (!h)
		return 0;
	mine = bpf_task_acquire(task);
	if (!mine)
		return 0;
	old = bpf_kptr_xchg(&h->task, mine);
	if (old)
		bpf_printk("there was one");
	return 0;
}

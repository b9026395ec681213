#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u32);
} opens SEC(".maps");

SEC("raw_tp/sys_enter")
int entered(void *ctx)
{
	struct task_struct *me = bpf_get_current_task_btf();
	__u32 *n = bpf_task_storage_get(&opens, me, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (n)
		__sync_fetch_and_add(n, 1);
	return 0;
}

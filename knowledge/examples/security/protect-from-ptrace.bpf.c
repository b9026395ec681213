// Forbid attaching a debugger to the processes listed in a map, even for root.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

#define EPERM 1
#define PTRACE_MODE_ATTACH 0x02

/* key: process id to protect; value: attempts refused so far */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} protected_pids SEC(".maps");

SEC("lsm/ptrace_access_check")
int BPF_PROG(check_ptrace, struct task_struct *child, unsigned int mode, int ret)
{
	if (ret)
		return ret; /* another security module has already refused */
	if (!(mode & PTRACE_MODE_ATTACH))
		return 0; /* only looking, as ps does */

	__u32 pid = BPF_CORE_READ(child, tgid);
	__u64 *attempts = bpf_map_lookup_elem(&protected_pids, &pid);
	if (!attempts)
		return 0;
	__sync_fetch_and_add(attempts, 1);
	return -EPERM;
}

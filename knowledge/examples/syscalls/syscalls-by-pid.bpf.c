// Count the system calls of each process, one counter per process id.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

/* least recently used entries make room when more processes than this were seen */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);   /* process id (tgid) */
	__type(value, __u64); /* number of system calls */
} calls SEC(".maps");

SEC("raw_tp/sys_enter")
int count_syscall(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 one = 1;
	__u64 *count = bpf_map_lookup_elem(&calls, &pid);

	if (count) {
		__sync_fetch_and_add(count, 1);
	} else if (bpf_map_update_elem(&calls, &pid, &one, BPF_NOEXIST)) {
		/* another CPU created the entry in between: add to that one */
		count = bpf_map_lookup_elem(&calls, &pid);
		if (count)
			__sync_fetch_and_add(count, 1);
	}
	return 0;
}

// Count system calls that fail, by process, call number and error.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define MAX_ERRNO 4095

struct failure {
	__u32 pid;
	__u32 call;
	__u32 error;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct failure);
	__type(value, __u64);
} failed SEC(".maps");

SEC("tracepoint/raw_syscalls/sys_exit")
int on_exit(struct trace_event_raw_sys_exit *ctx)
{
	__s64 result = ctx->ret;
	__u64 one = 1;

	/* number -1: the return from a signal handler, not from a call */
	if (result >= 0 || result < -MAX_ERRNO || ctx->id < 0)
		return 0;

	struct failure key = {
		.pid = bpf_get_current_pid_tgid() >> 32,
		.call = ctx->id,
		.error = -result,
	};
	__u64 *count = bpf_map_lookup_elem(&failed, &key);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&failed, &key, &one, BPF_NOEXIST);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
const char _license[] SEC("license") = "GPL";
#define MAXARG 128
struct argv { __u32 used; char text[4 * MAXARG]; };
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct argv);
} bufs SEC(".maps");

SEC("tp/syscalls/sys_enter_execve")
int execve(struct trace_event_raw_sys_enter *ctx)
{
	const char *const *args = (void *)ctx->args[1];
	const char *arg;
	__u32 zero = 0;
	struct argv *a = bpf_map_lookup_elem(&bufs, &zero);

	if (!a)
		return 0;
	bpf_probe_read_user(&arg, sizeof(arg), &args[0]);
	long len = bpf_probe_read_user_str(a->text, MAXARG, arg);
	if (len < 0 || len > MAXARG)
		return 0;
	bpf_probe_read_user(&arg, sizeof(arg), &args[1]);
	bpf_probe_read_user_str(a->text + len, MAXARG, arg);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

enum bpf_cmd___future {
	BPF_PROG_TELEPORT___future = 77,
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} cmds SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_bpf")
int check_op(struct trace_event_raw_sys_enter *ctx)
{
	__u32 cmd = ctx->args[0];
	__u64 *n;

	if (bpf_core_enum_value_exists(enum bpf_cmd___future, BPF_PROG_TELEPORT___future))
	if (cmd == bpf_core_enum_value(enum bpf_cmd___future, BPF_PROG_TELEPORT___future))
		return 0;
	n = bpf_map_lookup_elem(&cmds, &cmd);
	if (n)
		__sync_fetch_and_add(n, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} empty_writes SEC(".maps");

SEC("tp/syscalls/sys_enter_write")
int on_write(struct trace_event_raw_sys_enter *ctx)
{
	unsigned long count = ctx->args[2];
	__u32 zero = 0;

	if (count == 0) {
		//@ assert ctx->args[2] < 1
		__u64 *n = bpf_map_lookup_elem(&empty_writes, &zero);
		if (n)
			(*n)++;
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

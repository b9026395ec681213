#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} values SEC(".maps");

struct call_args {
	__u64 arg[6];
	__u64 id;
	__u64 spare;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct call_args);
} calls SEC(".maps");

SEC("tp/raw_syscalls/sys_enter")
int rotate(struct trace_event_raw_sys_enter *ctx)
{
	__u32 zero = 0;
	__u64 *v = bpf_map_lookup_elem(&values, &zero);
	struct call_args *s = bpf_map_lookup_elem(&calls, &zero);

	if (!v || !s)
		return 0;
	s->arg[0] = ctx->args[0];
	s->arg[5] = ctx->args[5];
	__u32 which = bpf_get_prandom_u32() & 7;
	*v = s->arg[which];
	s->id = ctx->id;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

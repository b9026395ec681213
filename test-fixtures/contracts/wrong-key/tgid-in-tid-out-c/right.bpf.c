#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct call {
	__u32 tid;
	__u32 flags;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, struct call);
} calls SEC(".maps");

SEC("tp/syscalls/sys_enter_openat")
int in(struct trace_event_raw_sys_enter *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u32 key = (__u32)id;
	struct call c = { .tid = (__u32)id, .flags = ctx->args[2] & 0xffffffff };

	bpf_map_update_elem(&calls, &key, &c, BPF_ANY);
	return 0;
}

SEC("tp/syscalls/sys_exit_openat")
int out(struct trace_event_raw_sys_exit *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u32 key = (__u32)id;
	struct call *c = bpf_map_lookup_elem(&calls, &key);

	if (!c)
		return 0;
	//@ assert c->tid == (__u32)id
	bpf_printk("flags %x gave %ld", c->flags, ctx->ret);
	bpf_map_delete_elem(&calls, &key);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

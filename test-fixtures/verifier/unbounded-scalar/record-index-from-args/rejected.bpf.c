#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct call { __u32 nr; __u32 count; __u64 arg[5]; };
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} calls SEC(".maps");

SEC("tp/syscalls/sys_enter_socket")
int sock_args(struct trace_event_raw_sys_enter *ctx)
{
	struct call *c = bpf_ringbuf_reserve(&calls, sizeof(*c), 0);
	unsigned long which = ctx->args[0];

	if (!c)
		return 0;
	c->nr = 41;
	c->count = 1;
	c->arg[which] = ctx->args[1];
	bpf_ringbuf_submit(c, 0);
	return 0;
}

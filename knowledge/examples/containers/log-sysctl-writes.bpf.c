// Report each kernel setting (sysctl) that a process of a control group writes, with the new value.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define ALLOW 1

struct event {
	__u32 pid;
	char comm[16];
	char name[64];
	char value[32];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} writes SEC(".maps");

SEC("cgroup/sysctl")
int log_write(struct bpf_sysctl *ctx)
{
	if (!ctx->write)
		return ALLOW;

	struct event *e = bpf_ringbuf_reserve(&writes, sizeof(*e), 0);
	if (!e)
		return ALLOW;
	e->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	bpf_sysctl_get_name(ctx, e->name, sizeof(e->name), 0);
	bpf_sysctl_get_new_value(ctx, e->value, sizeof(e->value));
	bpf_ringbuf_submit(e, 0);
	return ALLOW;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define MAX_COMM 16

struct exec_event {
	__u32 pid;
	__u32 uid;
	__u64 cgroup;
	char comm[MAX_COMM];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} events SEC(".maps");

const volatile __u32 target_uid = 0xffffffff;

static __always_inline bool wanted(__u32 uid)
{
	return target_uid == 0xffffffff || uid == target_uid;
}

SEC("tracepoint/syscalls/sys_enter_execve")
int trace_exec(struct trace_event_raw_sys_enter *ctx)
{
	struct exec_event *e;
	__u32 uid = (__u32)bpf_get_current_uid_gid();

	if (!wanted(uid))
		return 0;

	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	e->pid = bpf_get_current_pid_tgid() >> 32;
	e->uid = uid;
	e->cgroup = bpf_get_current_cgroup_id();
	bpf_get_current_comm(&e->comm, sizeof(e->comm));
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

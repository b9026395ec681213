// Report each file that is opened or could not be, with process, result and path, through a ring buffer.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define PATH_BYTES 128

struct event {
	__u32 pid;
	__s32 result;
	char comm[16];
	char path[PATH_BYTES]; /* cut after so many bytes */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);   /* thread */
	__type(value, __u64); /* where the path is in its memory */
} pending SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int on_enter(struct trace_event_raw_sys_enter *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 path = ctx->args[1]; /* openat(directory, path, flags, mode) */

	bpf_map_update_elem(&pending, &thread, &path, BPF_ANY);
	return 0;
}

SEC("tracepoint/syscalls/sys_exit_openat")
int on_exit(struct trace_event_raw_sys_exit *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 *path = bpf_map_lookup_elem(&pending, &thread);
	if (!path)
		return 0; /* it was already inside the call when we began */

	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (e) {
		e->pid = thread >> 32;
		e->result = ctx->ret;
		bpf_get_current_comm(e->comm, sizeof(e->comm));
		if (bpf_probe_read_user_str(e->path, sizeof(e->path), (const void *)*path) < 0)
			e->path[0] = 0;
		bpf_ringbuf_submit(e, 0);
	}
	bpf_map_delete_elem(&pending, &thread);
	return 0;
}

// Add up the bytes each process reads and writes through system calls.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

/* of x86-64 */
#define SYS_READ 0
#define SYS_WRITE 1
#define SYS_PREAD64 17
#define SYS_PWRITE64 18

struct io_bytes {
	__u64 read;
	__u64 written;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32); /* process id */
	__type(value, struct io_bytes);
} by_process SEC(".maps");

/* which call a thread is in: at the end of a call the number is not given */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, __u64);
} calls SEC(".maps");

static __always_inline int is_read(__u64 call)
{
	return call == SYS_READ || call == SYS_PREAD64;
}

SEC("raw_tp/sys_enter")
int on_enter(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 call = ctx->args[1]; /* registers, number */

	if (is_read(call) || call == SYS_WRITE || call == SYS_PWRITE64)
		bpf_map_update_elem(&calls, &thread, &call, BPF_ANY);
	return 0;
}

SEC("raw_tp/sys_exit")
int on_exit(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 *found = bpf_map_lookup_elem(&calls, &thread);
	if (!found)
		return 0;

	__u64 call = *found;
	__s64 bytes = ctx->args[1]; /* registers, result */
	bpf_map_delete_elem(&calls, &thread);
	if (bytes <= 0)
		return 0;

	__u32 pid = thread >> 32;
	struct io_bytes *b = bpf_map_lookup_elem(&by_process, &pid);
	if (!b) {
		struct io_bytes none = {};
		bpf_map_update_elem(&by_process, &pid, &none, BPF_NOEXIST);
		b = bpf_map_lookup_elem(&by_process, &pid);
		if (!b)
			return 0;
	}
	__sync_fetch_and_add(is_read(call) ? &b->read : &b->written, bytes);
	/* each time: a process has another name after it executes another program */
	bpf_get_current_comm(b->comm, sizeof(b->comm));
	return 0;
}

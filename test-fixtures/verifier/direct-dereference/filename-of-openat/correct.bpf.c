#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, 100);
} dotfiles SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int open_dotfile(struct trace_event_raw_sys_enter *ctx)
{
	const char *name = (const char *)ctx->args[1];
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 one = 1;
	char first = 0;

	bpf_probe_read_user(&first, 1, name);
	if (first == '.')
		bpf_map_update_elem(&dotfiles, &pid, &one, BPF_ANY);
	return 0;
}

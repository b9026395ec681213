#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, __u8);
    __uint(max_entries, 64);
} blocked SEC(".maps");

SEC("tp/syscalls/sys_enter_mount")
int no_mount(struct pt_regs *ctx)
{
	__u32 uid = bpf_get_current_uid_gid();

	if (bpf_map_lookup_elem(&blocked, &uid))
		bpf_override_return(ctx, -1);
	return 0;
}

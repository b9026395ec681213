#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u64 mounts;

static __always_inline bool privileged(void)
{
	return (__u32)bpf_get_current_uid_gid() == 0;
}

SEC("lsm/sb_mounted")
int BPF_PROG(on_mount, const char *dev, const struct path *path, const char *type)
{
	mounts++;
	if (privileged())
		return 0;
	return -1;
}

char LICENSE[] SEC("license") = "GPL";

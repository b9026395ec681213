#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
const char _license[] SEC("license") = "GPL";
#define EPERM 1
const volatile __u32 denied_uid = 1000;

SEC("lsm/file_open")
int BPF_PROG(open_check, struct file *file)
{
	__u32 uid = bpf_get_current_uid_gid();

	if (uid == denied_uid)
		return EPERM;
	return 0;
}

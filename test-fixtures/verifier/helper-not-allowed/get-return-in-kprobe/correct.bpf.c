#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
const char _license[] SEC("license") = "GPL";
__u64 failures;

SEC("kretprobe/vfs_open")
int BPF_KRETPROBE(opened, int rc)
{
	__u64 ret = 0;

	ret = rc;
	if (ret)
		failures++;
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
const char _license[] SEC("license") = "GPL";
__u64 newlines;

SEC("fentry/vfs_write")
int BPF_PROG(write_begin, struct file *file, const char *buf, size_t count)
{

	if (buf[0] == '\n')
		newlines++;
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
const char _license[] SEC("license") = "GPL";
__u64 newlines;

SEC("fentry/vfs_write")
int BPF_PROG(write_begin, struct file *file, const char *buf, size_t count)
{
	char c = 0;

	bpf_probe_read_user(&c, 1, buf);
	if (c == '\n')
		newlines++;
	return 0;
}

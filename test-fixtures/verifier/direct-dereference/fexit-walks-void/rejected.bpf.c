#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct own { int first; };
__u64 odd;

SEC("fexit/vfs_read")
int BPF_PROG(read_done, struct file *file, char *buf, size_t count, loff_t *pos, ssize_t ret)
{
	struct own *o = file->private_data;

	if (o->first & 1)
		odd++;
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char LICENSE[] SEC("license") = "Proprietary";
__u64 sum;

SEC("kprobe/vfs_read")
int BPF_KPROBE(r, struct file *f)
{
	unsigned int flags = 0;

	bpf_probe_read_kernel(&flags, sizeof(flags), &f->f_flags);
	sum += flags;
	return 0;
}

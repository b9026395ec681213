#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
const char _license[] SEC("license") = "GPL";
__u64 seen;

SEC("fentry/fput")
int BPF_PROG(released, struct file *file)
{
	char path[64] = {};

	bpf_d_path(&file->f_path, path, sizeof(path));
	if (path[0] == '/')
		seen++;
	return 0;
}

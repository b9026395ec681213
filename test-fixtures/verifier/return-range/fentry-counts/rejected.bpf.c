#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char LICENSE[] SEC("license") = "GPL";
__u64 n;

SEC("fentry/do_unlinkat")
int BPF_PROG(unlinked, int dfd, struct filename *name)
{
	return ++n;
}

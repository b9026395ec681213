#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char LICENSE[] SEC("license") = "GPL";
__u64 n;

SEC("kprobe/do_exit")
int on_exit(struct pt_regs *ctx)
{
	n++;
	return 1;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
const char _license[] SEC("license") = "GPL";
__u64 n;

SEC("fentry/do_sys_open_inlined")
int BPF_PROG(on_open)
{
	n++;
	return 0;
}

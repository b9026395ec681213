#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
char LICENSE[] SEC("license") = "GPL";
SEC("kprobe/do_exit")
int BPF_KPROBE(exiting, long code)
{
	struct task_struct *t = (void *)bpf_get_current_task();
	char comm[16];

	bpf_probe_read_kernel(&t->comm, sizeof(comm), comm);
	bpf_printk("%s ends with %ld", comm, code);
	return 0;
}

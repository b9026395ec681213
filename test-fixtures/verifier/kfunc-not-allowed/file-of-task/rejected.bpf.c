#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
const char _license[] SEC("license") = "GPL";
extern struct file *bpf_get_task_exe_file(struct task_struct *task) __ksym;
extern void bpf_put_file(struct file *file) __ksym;
__u64 inode;

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	struct file *exe = bpf_get_task_exe_file(task);

	if (!exe)
		return 0;
	inode = exe->f_inode->i_ino;
	bpf_put_file(exe);
	return 0;
}

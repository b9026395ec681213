#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char _license[] SEC("license") = "GPL";
extern struct file *bpf_get_task_exe_file(struct task_struct *task) __ksym;
extern void bpf_put_file(struct file *file) __ksym;
__u64 last_inode;

SEC("lsm/file_open")
int BPF_PROG(who_opens, struct file *file)
{
	struct file *exe = bpf_get_task_exe_file(bpf_get_current_task_btf());

	last_inode = exe->f_inode->i_ino;
	bpf_put_file(exe);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char LICENSE[] SEC("license") = "GPL";
__u64 sum;

SEC("fentry/vfs_rmdir")
int BPF_PROG(linked, struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, int a, int b, int flags)
{
	sum += flags;
	return 0;
}

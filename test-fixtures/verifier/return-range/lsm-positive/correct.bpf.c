#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define PROT_EXEC 4
#define PROT_WRITE 2
#define EACCES 13

SEC("lsm/file_mprotect")
int BPF_PROG(mmap_guard, struct vm_area_struct *vma, unsigned long reqprot,
	     unsigned long prot, int ret)
{
	__u32 uid = (__u32)bpf_get_current_uid_gid();

	if (ret != 0)
		return ret;
	if (uid < 1000)
		return 0;
	if ((prot & PROT_EXEC) && (prot & PROT_WRITE)) {
		bpf_printk("wx by %u", uid);
		return -EACCES;
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

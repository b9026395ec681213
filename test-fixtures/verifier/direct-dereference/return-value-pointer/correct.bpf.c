#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
char _license[] SEC("license") = "GPL";
u64 big_files;

static __always_inline int is_big(struct file *f)
{
    struct inode *ino = BPF_CORE_READ(f, f_inode);

    return BPF_CORE_READ(ino, i_size) > (1 << 30);
}

SEC("kretprobe/do_filp_open")
int BPF_KRETPROBE(filp_opened, struct file *f)
{
    if (f && is_big(f))
        big_files++;
    return 0;
}

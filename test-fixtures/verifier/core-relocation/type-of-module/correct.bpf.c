#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
const char _license[] SEC("license") = "GPL";
struct zebra_stats { __u64 stripes; } __attribute__((preserve_access_index));
__u64 stripes;

SEC("kprobe/do_exit")
int BPF_KPROBE(on_exit, long code)
{
	struct zebra_stats *z = (struct zebra_stats *)PT_REGS_PARM2(ctx);

	if (!bpf_core_field_exists(z->stripes))
		return 0;
	stripes += BPF_CORE_READ(z, stripes);
	return 0;
}

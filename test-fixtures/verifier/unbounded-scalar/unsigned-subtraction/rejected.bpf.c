#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
char record[64];

SEC("tp/syscalls/sys_enter_pwrite64")
int pw(struct trace_event_raw_sys_enter *ctx)
{
	__u64 end = ctx->args[2];
	__u64 begin = ctx->args[3];

	if (end > sizeof(record) || begin > sizeof(record))
		return 0;
	__u64 n = end - begin;
	bpf_probe_read_user(record, n, (void *)ctx->args[1]);
	return 0;
}

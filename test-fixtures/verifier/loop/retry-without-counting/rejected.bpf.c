#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
__u64 tries;

SEC("tp/syscalls/sys_enter_futex")
int retry(struct trace_event_raw_sys_enter *ctx)
{
	int left = 5;
	char byte = 0;

again:
	tries++;
	if (bpf_probe_read_user(&byte, 1, (void *)ctx->args[0]) == 0)
		return 0;
	if (left > 0)
		goto again;
	return 0;
}

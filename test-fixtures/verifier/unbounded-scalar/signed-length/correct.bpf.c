#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct payload { __u8 b[512]; };
struct payloads_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct payload);
	__uint(max_entries, 1);
} payloads SEC(".maps");
__u64 errors;

SEC("tracepoint/syscalls/sys_enter_sendto")
int sent(struct trace_event_raw_sys_enter *ctx)
{
	__u32 k = 0;
	struct payload *p = bpf_map_lookup_elem(&payloads, &k);
	__u32 len = ctx->args[2];

	if (!p)
		return 0;
	if (len > sizeof(p->b) && len > 0)
		len = sizeof(p->b);
	if (bpf_probe_read_user(p->b, len, (void *)ctx->args[1]))
		errors++;
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u64);
} sent SEC(".maps");

SEC("tp/syscalls/sys_exit_sendto")
int on_sent(struct trace_event_raw_sys_exit *ctx)
{
	//@ assume ctx->ret >= -4095 && ctx->ret <= 0x7ffff000
	__u64 bytes = ctx->ret;
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;

	if (bytes == 0)
		return 0;
	//@ assert bytes <= 0x7ffff000
	__u64 *sum = bpf_map_lookup_elem(&sent, &tgid);
	if (sum)
		__sync_fetch_and_add(sum, bytes);
	else
		bpf_map_update_elem(&sent, &tgid, &bytes, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u32);
    __uint(max_entries, 1);
} t SEC(".maps");

SEC("tp/syscalls/sys_enter_read")
int rd(struct trace_event_raw_sys_enter *ctx)
{
	__u32 k = 0;
	__u32 *v = bpf_map_lookup_elem(&t, &k);

	if (v)
		bpf_probe_read_user(v, sizeof(*v), (void *)ctx->args[1]);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 512);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, 64 * sizeof(__u64));
} stacks SEC(".maps");
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __s32);
    __type(value, __u64);
    __uint(max_entries, 512);
} ids SEC(".maps");

SEC("perf_event")
int sample(struct bpf_perf_event_data *ctx)
{
	__u64 ip = ctx->regs.ip;
	__s32 id = bpf_get_stackid(&ip, &stacks, 0);

	if (id >= 0)
		bpf_map_update_elem(&ids, &id, &ip, BPF_ANY);
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} allocated SEC(".maps");

SEC("tp/kmem/mm_page_alloc")
int on_alloc(struct trace_event_raw_mm_page_alloc *ctx)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	//@ assume ctx->order <= 10
	__u64 bytes = 1024ULL << ctx->order;
	__u64 *sum = bpf_map_lookup_elem(&allocated, &tgid);

	//@ assert bytes % 4096 == 0
	if (sum)
		__sync_fetch_and_add(sum, bytes);
	else
		bpf_map_update_elem(&allocated, &tgid, &bytes, BPF_NOEXIST);
	return 0;
}

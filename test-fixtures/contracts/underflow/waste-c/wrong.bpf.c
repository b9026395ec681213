#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, __u64);
} waste SEC(".maps");

SEC("tp/kmem/kmalloc")
int on_kmalloc(struct trace_event_raw_kmalloc *ctx)
{
	//@ assume ctx->bytes_alloc >= ctx->bytes_req
	__u64 site = ctx->call_site;
	__u64 lost = ctx->bytes_req - ctx->bytes_alloc;
	__u64 *sum = bpf_map_lookup_elem(&waste, &site);

	if (sum)
		__sync_fetch_and_add(sum, lost);
	else
		bpf_map_update_elem(&waste, &site, &lost, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

// Add up kernel memory allocated by kmalloc and not freed since, by calling function.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct allocation {
	__u64 caller;
	__u64 bytes;
};

struct held {
	__u64 bytes;
	__u64 allocations;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 131072);
	__type(key, __u64); /* address of the memory */
	__type(value, struct allocation);
} allocations SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64); /* address of the caller */
	__type(value, struct held);
} unfreed SEC(".maps");

SEC("tracepoint/kmem/kmalloc")
int on_alloc(struct trace_event_raw_kmalloc *ctx)
{
	__u64 address = (__u64)ctx->ptr;
	struct allocation a = { .caller = ctx->call_site, .bytes = ctx->bytes_alloc };

	if (!address || bpf_map_update_elem(&allocations, &address, &a, BPF_ANY))
		return 0;

	struct held *h = bpf_map_lookup_elem(&unfreed, &a.caller);
	if (h) {
		__sync_fetch_and_add(&h->bytes, a.bytes);
		__sync_fetch_and_add(&h->allocations, 1);
	} else {
		struct held first = { .bytes = a.bytes, .allocations = 1 };
		bpf_map_update_elem(&unfreed, &a.caller, &first, BPF_NOEXIST);
	}
	return 0;
}

SEC("tracepoint/kmem/kfree")
int on_free(struct trace_event_raw_kfree *ctx)
{
	__u64 address = (__u64)ctx->ptr;
	struct allocation *a = bpf_map_lookup_elem(&allocations, &address);
	if (!a)
		return 0; /* allocated before we began */

	struct held *h = bpf_map_lookup_elem(&unfreed, &a->caller);
	if (h) {
		__sync_fetch_and_sub(&h->bytes, a->bytes);
		__sync_fetch_and_sub(&h->allocations, 1);
	}
	bpf_map_delete_elem(&allocations, &address);
	return 0;
}

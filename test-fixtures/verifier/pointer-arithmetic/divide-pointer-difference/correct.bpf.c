#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define PAGE_SHIFT 12
#define PAGE_OF(p) ((__u64)(p) >> PAGE_SHIFT)

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} pages SEC(".maps");

SEC("xdp")
int page_of(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u32 zero = 0;
	__u64 *slot = bpf_map_lookup_elem(&pages, &zero);

	if (!slot)
		return XDP_PASS;
	*slot = (__u64)(data_end - data) >> PAGE_SHIFT;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";

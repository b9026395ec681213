// Show how large received packets are, as a histogram of powers of two in bytes.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define SLOTS 16

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, __u64);
} sizes SEC(".maps");

SEC("xdp")
int measure(struct xdp_md *ctx)
{
	__u32 bytes = ctx->data_end - ctx->data;
	__u32 slot = 0;

	for (int i = 0; i < SLOTS - 1; i++) {
		if (bytes <= 1)
			break;
		bytes >>= 1;
		slot++;
	}

	__u64 *count = bpf_map_lookup_elem(&sizes, &slot);
	if (count)
		*count += 1;
	return XDP_PASS;
}

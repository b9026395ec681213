#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

extern int bpf_xdp_metadata_rx_timestamp(const struct xdp_md *ctx, u64 *ts) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} last SEC(".maps");

SEC("xdp")
int rx_stamp(struct xdp_md *ctx)
{
	__u32 k = 0;
	__u64 ts = 0, *slot;

	ts = bpf_ktime_get_ns();
	slot = bpf_map_lookup_elem(&last, &k);
	if (slot)
		*slot = ts;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";

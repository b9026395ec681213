#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
const char _license[] SEC("license") = "GPL";

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u32);
    __uint(max_entries, 1);
} sums SEC(".maps");

SEC("xdp")
int sum_payload(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(eth + 1);
	__u32 zero = 0, sum = 0;
	__u32 *slot;

	if ((void *)(ip + 1) > data_end)
		return XDP_PASS;

	__u16 total = bpf_ntohs(ip->tot_len);
	__u8 *byte = (__u8 *)(ip + 1);

	for (int i = 0; i < 32; i++) {
		if (i >= total)
			break;
		sum += byte[i];
	}
	slot = bpf_map_lookup_elem(&sums, &zero);
	if (slot)
		*slot = sum;
	return XDP_PASS;
}

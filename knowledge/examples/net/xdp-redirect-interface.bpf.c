// Send packets that arrive at one network interface out at another one.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32); /* number of an interface */
} outgoing SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} forwarded SEC(".maps");

SEC("xdp")
int forward(struct xdp_md *ctx)
{
	__u32 zero = 0;
	long action = bpf_redirect_map(&outgoing, zero, XDP_PASS);

	if (action == XDP_REDIRECT) {
		__u64 *count = bpf_map_lookup_elem(&forwarded, &zero);
		if (count)
			*count += 1;
	}
	return action;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct policy { __u32 action; __u32 hits; };
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, struct policy);
    __uint(max_entries, 512);
} exact SEC(".maps");
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, struct policy);
    __uint(max_entries, 1);
} fallback SEC(".maps");

static __always_inline struct policy *find(__u32 ifindex)
{
	struct policy *p = bpf_map_lookup_elem(&exact, &ifindex);
	if (!p) {
		__u32 zero = 0;
		p = bpf_map_lookup_elem(&fallback, &zero);
	}
	return p;
}

SEC("xdp")
int apply(struct xdp_md *xdp)
{
	struct policy *p = find(xdp->ingress_ifindex);

	if (!p)
		return XDP_ABORTED;
	p->hits++;
	return p->action ?: XDP_PASS;
}

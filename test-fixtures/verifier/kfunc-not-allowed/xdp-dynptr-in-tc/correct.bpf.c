#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
extern int bpf_dynptr_from_xdp(struct xdp_md *x, u64 flags, struct bpf_dynptr *ptr__uninit) __ksym;
extern int bpf_dynptr_from_skb(struct __sk_buff *s, u64 flags, struct bpf_dynptr *ptr__uninit) __ksym;

SEC("tc")
int look(struct __sk_buff *skb)
{
	struct bpf_dynptr p;
	__u8 b[14];

	if (bpf_dynptr_from_skb(skb, 0, &p))
		return 2;
	if (bpf_dynptr_read(b, sizeof(b), &p, 0, 0))
		return 2;
	skb->mark = b[12];
	return 0;
}

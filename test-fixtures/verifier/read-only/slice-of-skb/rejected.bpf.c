#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
const char _license[] SEC("license") = "GPL";
extern int bpf_dynptr_from_skb(struct __sk_buff *s, u64 flags, struct bpf_dynptr *ptr__uninit) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *p, u32 offset, void *buffer__opt, u32 buffer__szk) __ksym;
extern void *bpf_dynptr_slice_rdwr(const struct bpf_dynptr *p, u32 offset, void *buffer__opt, u32 buffer__szk) __ksym;

SEC("tc")
int retarget(struct __sk_buff *skb)
{
	struct bpf_dynptr p;
	struct ethhdr buf, *eth;

	if (bpf_dynptr_from_skb(skb, 0, &p))
		return 2;
	eth = bpf_dynptr_slice(&p, 0, &buf, sizeof(buf));
	if (!eth)
		return 2;
	eth->h_dest[0] = 2;
	return 0;
}

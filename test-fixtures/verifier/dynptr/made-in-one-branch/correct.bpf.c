#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
extern int bpf_dynptr_from_skb(struct __sk_buff *s, u64 flags, struct bpf_dynptr *ptr__uninit) __ksym;

SEC("tc")
int read_kind(struct __sk_buff *skb)
{
	struct bpf_dynptr d;
	__u16 kind = 0;

	bpf_dynptr_from_skb(skb, 0, &d);
	bpf_dynptr_read(&kind, sizeof(kind), &d, 12, 0);
	return kind == 8 ? 0 : 2;
}

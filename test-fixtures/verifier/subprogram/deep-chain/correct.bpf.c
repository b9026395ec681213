#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
#define LINK(n, m) static __noinline __u32 f##n(struct __sk_buff *s) { return f##m(s) * n + s->len; }
static __noinline __u32 f8(struct __sk_buff *s) { return s->len; }
#define f7 f8
LINK(6, 7)
LINK(5, 6)
LINK(4, 5)
LINK(3, 4)
LINK(2, 3)
LINK(1, 2)

SEC("tc")
int chain(struct __sk_buff *skb)
{
	skb->mark = f1(skb);
	return 0;
}

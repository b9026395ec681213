#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
struct word { __u8 c[8]; };

static __noinline void upper(struct word *w, __u32 n)
{
	for (__u32 i = 0; i < 8; i++) {
		if (w->c[i] >= 'a')
			w->c[i] -= 32;
	}
}

SEC("tc")
int shout(struct __sk_buff *skb)
{
	struct word w = {};

	bpf_skb_load_bytes(skb, 40, &w, sizeof(w));
	upper(&w, skb->len);
	skb->mark = w.c[0];
	return 0;
}

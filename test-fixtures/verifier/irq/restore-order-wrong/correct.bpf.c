#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;

__u64 a, b;

SEC("tc")
int nested_irq(struct __sk_buff *skb)
{
	unsigned long outer, inner;

	bpf_local_irq_save(&outer);
	a += skb->len;
	bpf_local_irq_save(&inner);
	b += a;
	bpf_local_irq_restore(&inner);
	bpf_local_irq_restore(&outer);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

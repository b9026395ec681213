#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
extern void bpf_local_irq_save(unsigned long *flags__irq_flag) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags__irq_flag) __ksym;
__u64 quiet[2];

SEC("tc")
int quiet_section(struct __sk_buff *skb)
{
	unsigned long flags;

	bpf_local_irq_save(&flags);
	if (skb->mark)
		goto out;
	quiet[0]++;
	quiet[1] = skb->len;
out:
	bpf_local_irq_restore(&flags);
	return 0;
}

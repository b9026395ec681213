#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
extern unsigned int CONFIG_HZ __kconfig;

SEC("tp/sched/sched_switch")
int sw(void *ctx)
{
	bpf_printk("%u", CONFIG_HZ);
	return 0;
}

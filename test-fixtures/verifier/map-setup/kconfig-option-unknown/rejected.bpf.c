#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
extern unsigned int CONFIG_HAS_FAST_TURTLES __kconfig;

SEC("tp/sched/sched_switch")
int sw(void *ctx)
{
	bpf_printk("%u", CONFIG_HAS_FAST_TURTLES);
	return 0;
}

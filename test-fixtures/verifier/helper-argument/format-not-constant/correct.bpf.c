#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
static char fmt[] = "switch %d";

SEC("tp_btf/sched_switch")
int sw(__u64 *ctx)
{
	char out[32];
	__u64 args[1] = { ctx[0] };

	static const char ro[] = "switch %d";
	bpf_snprintf(out, sizeof(out), ro, args, sizeof(args));
	bpf_printk("%s", out);
	return 0;
}

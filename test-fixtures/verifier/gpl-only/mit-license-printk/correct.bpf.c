#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "Dual MIT/GPL";

static __always_inline void say(const char *what)
{
	bpf_printk("%s", what);
}

SEC("xdp")
int hello(struct xdp_md *ctx)
{
	if (ctx->rx_queue_index > 3)
		say("queue");
	return XDP_PASS;
}

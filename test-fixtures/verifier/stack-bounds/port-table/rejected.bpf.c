#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
const char _license[] SEC("license") = "GPL";
SEC("cgroup/connect4")
int only_some_ports(struct bpf_sock_addr *ctx)
{
	volatile __u16 ports[4] = { 80, 443, 8080, 8443 };
	__u32 which = ctx->user_ip4 >> 24;

	if (which > 4)
		return 0;
	return ctx->user_port == bpf_htons(ports[which]);
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
SEC("sk_lookup")
int steer(struct bpf_sk_lookup *ctx)
{
	__u64 both = ctx->remote_ip4 | (__u64)ctx->remote_ip6[0] << 32;

	return both == 0x100007f ? SK_DROP : SK_PASS;
}

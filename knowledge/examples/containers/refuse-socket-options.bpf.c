// Refuse the processes of a control group larger socket buffers than one megabyte.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define REFUSE 0
#define ALLOW 1
#define SOL_SOCKET 1
#define SO_SNDBUF 7
#define SO_RCVBUF 8
#define MAX_BUFFER (1 << 20)

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2);
	__type(key, __u32); /* the option */
	__type(value, __u64);
} refused SEC(".maps");

SEC("cgroup/setsockopt")
int check_option(struct bpf_sockopt *ctx)
{
	int *size = ctx->optval;
	__u64 one = 1;

	if (ctx->level != SOL_SOCKET || (ctx->optname != SO_SNDBUF && ctx->optname != SO_RCVBUF))
		return ALLOW;
	if ((void *)(size + 1) > ctx->optval_end || *size <= MAX_BUFFER)
		return ALLOW;

	__u32 option = ctx->optname;
	__u64 *count = bpf_map_lookup_elem(&refused, &option);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&refused, &option, &one, BPF_NOEXIST);
	return REFUSE;
}

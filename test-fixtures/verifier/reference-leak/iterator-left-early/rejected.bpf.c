#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;
__u64 seen[64];

SEC("xdp")
int find(struct xdp_md *ctx)
{
	struct bpf_iter_num it;
	int *i;

	bpf_iter_num_new(&it, 0, 64);
	while ((i = bpf_iter_num_next(&it))) {
		if (*i < 0 || *i >= 64)
			break;
		if (seen[*i] == ctx->rx_queue_index)
			return XDP_DROP;
	}
	bpf_iter_num_destroy(&it);
	return XDP_PASS;
}

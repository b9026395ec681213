#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;
__u64 cb_flags;

SEC("sockops")
int ops(struct bpf_sock_ops *ctx)
{
	struct bpf_iter_num it, *cur = &it;
	struct bpf_iter_num outer;
	int *v;

	if (ctx->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		return 1;
	bpf_iter_num_new(&it, 0, 4);
	bpf_iter_num_new(&outer, 0, 2);
	while ((v = bpf_iter_num_next(cur)))
		cb_flags += *v;
	bpf_iter_num_destroy(&outer);
	bpf_iter_num_destroy(&it);
	return 1;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;
int stopped_at;

SEC("tp/sched/sched_switch")
int stop(void *ctx)
{
	struct bpf_iter_num it;
	int *v;

	bpf_iter_num_new(&it, 0, 8);
	v = bpf_iter_num_next(&it);
	if (!v)
		goto out;
	v = bpf_iter_num_next(&it);
	stopped_at = *v;
out:
	bpf_iter_num_destroy(&it);
	return 0;
}

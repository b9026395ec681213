#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;
int total;

SEC("tc")
int sum(struct __sk_buff *skb)
{
	struct bpf_iter_num it = {};
	int *v, acc = 0;

	while ((v = bpf_iter_num_next(&it)))
		acc += *v;
	bpf_iter_num_destroy(&it);
	total = acc;
	return 0;
}

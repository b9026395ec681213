#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char __license[] SEC("license") = "Dual MIT/GPL";
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;
int product;

SEC("tc")
int table(struct __sk_buff *skb)
{
	struct bpf_iter_num it;
	int *v, sum = 0;

	bpf_iter_num_new(&it, 1, 5);
	while ((v = bpf_iter_num_next(&it))) {
		sum += *v;
		bpf_iter_num_new(&it, 0, 3);
		if (bpf_iter_num_next(&it))
			sum++;
		bpf_iter_num_destroy(&it);
	}
	bpf_iter_num_destroy(&it);
	product = sum;
	return 0;
}

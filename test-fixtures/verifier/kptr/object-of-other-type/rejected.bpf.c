#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
char __license[] SEC("license") = "Dual MIT/GPL";
extern void *bpf_obj_new_impl(__u64 local_type_id__k, void *meta__ign) __ksym;
extern void bpf_obj_drop_impl(void *p__alloc, void *meta__ign) __ksym;
struct node_a { __u64 key; __u64 value; };
struct node_b { __u64 key; };
typedef struct node_a node_t;
struct root { node_t __kptr *node; };
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct root);
} roots SEC(".maps");

SEC("tc")
int plant(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct root *r = bpf_map_lookup_elem(&roots, &zero);
	void *old;

	if (!r)
		return 0;
	struct node_b *n = bpf_obj_new_impl(bpf_core_type_id_local(struct node_b), NULL);
	if (!n)
		return 0;
	n->key = skb->hash;
	old = bpf_kptr_xchg(&r->node, n);
	if (old)
		bpf_obj_drop_impl(old, NULL);
	return 0;
}

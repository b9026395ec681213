#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
#define WHERE 256
struct dest { char c[WHERE]; };
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __type(key, __u64);
    __type(value, struct dest);
    __uint(max_entries, 100);
} paths SEC(".maps");

static __noinline long read_name(struct __sk_buff *skb, char *into)
{
	char tmp[16];
	long err = bpf_skb_load_bytes(skb, 64, tmp, sizeof(tmp));

	if (!err)
		__builtin_memcpy(into, tmp, 16);
	return err;
}

SEC("tc")
int paths_seen(struct __sk_buff *skb)
{
	struct dest d = {};
	__u64 id = skb->hash;

	if (read_name(skb, d.c) == 0)
		bpf_map_update_elem(&paths, &id, &d, BPF_ANY);
	return 0;
}

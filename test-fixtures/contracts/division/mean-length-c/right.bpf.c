#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct sums {
	__u64 packets;
	__u64 bytes;
	__u64 mean;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sums);
} lengths SEC(".maps");

SEC("tc")
int mean_length(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct sums *s = bpf_map_lookup_elem(&lengths, &zero);

	if (!s)
		return 0;
	if (s->packets)
		s->mean = s->bytes / s->packets;
	s->packets += 1;
	s->bytes += skb->len;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

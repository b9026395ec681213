#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct tls_record {
	__u8 type;
	__be16 version;
	__be16 length;
} __attribute__((packed));

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, __u64);
} by_type SEC(".maps");

static __always_inline struct tcphdr *tcp_of(void *data, void *data_end)
{
	struct ethhdr *eth = data;
	struct iphdr *iph = data + sizeof(*eth);
	struct tcphdr *tcp = data + sizeof(*eth) + sizeof(*iph);

	if ((void *)(tcp + 1) > data_end)
		return NULL;
	if (eth->h_proto != bpf_htons(0x0800) || iph->protocol != 6)
		return NULL;
	return tcp;
}

SEC("xdp")
int tls_sniff(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct tcphdr *tcp = tcp_of(data, data_end);
	struct tls_record *rec;
	__u64 *n;
	__u32 key;

	if (!tcp || tcp->dest != bpf_htons(443))
		return XDP_PASS;
	rec = (struct tls_record *)(tcp + 1);
	if ((void *)(rec + 1) > data_end)
		return XDP_PASS;
	if (rec->type != 22)
		return XDP_PASS;
	key = rec->type;
	n = bpf_map_lookup_elem(&by_type, &key);
	if (n)
		(*n)++;
	return XDP_DROP;
}

char _license[] SEC("license") = "GPL";

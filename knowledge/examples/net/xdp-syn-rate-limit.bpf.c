// Drop TCP connection requests of an IPv4 address that sends more than a hundred of them within a second.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define IP_FRAGMENT_OFFSET 0x1fff
#define WINDOW_NS 1000000000ULL
#define REQUESTS_PER_WINDOW 100

struct source {
	__u64 window_start; /* nanoseconds since boot */
	__u64 requests;     /* within the window */
	__u64 dropped;      /* since the beginning */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, __be32); /* source address */
	__type(value, struct source);
} by_source SEC(".maps");

static __always_inline int is_over_limit(__be32 address)
{
	__u64 now = bpf_ktime_get_ns();
	struct source *s = bpf_map_lookup_elem(&by_source, &address);

	if (!s) {
		struct source first = { .window_start = now, .requests = 1 };
		bpf_map_update_elem(&by_source, &address, &first, BPF_NOEXIST);
		return 0;
	}
	if (now - s->window_start > WINDOW_NS) {
		s->window_start = now;
		s->requests = 0;
	}
	__sync_fetch_and_add(&s->requests, 1);
	if (s->requests <= REQUESTS_PER_WINDOW)
		return 0;
	__sync_fetch_and_add(&s->dropped, 1);
	return 1;
}

SEC("xdp")
int limit_syn(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;

	struct ethhdr *eth = data;
	if ((void *)(eth + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;

	struct iphdr *ip = (void *)(eth + 1);
	if ((void *)(ip + 1) > end || ip->ihl < 5 || ip->protocol != IPPROTO_TCP)
		return XDP_PASS;
	if (ip->frag_off & bpf_htons(IP_FRAGMENT_OFFSET))
		return XDP_PASS;

	struct tcphdr *tcp = (void *)ip + ip->ihl * 4;
	if ((void *)(tcp + 1) > end || !tcp->syn || tcp->ack)
		return XDP_PASS;

	return is_over_limit(ip->saddr) ? XDP_DROP : XDP_PASS;
}

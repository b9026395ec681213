#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define BPF_FD_OK 0
#define BPF_FD_DROP 2

struct l4ports { __be16 src, dst; };

static __always_inline void *advance(struct __sk_buff *skb, __u16 off, __u16 len)
{
	void *data = (void *)(long)skb->data;
	void *end = (void *)(long)skb->data_end;

	if (data + off + len > end)
		return NULL;
	return data + off;
}

SEC("flow_dissector")
int dissect(struct __sk_buff *skb)
{
	struct bpf_flow_keys *keys = skb->flow_keys;
	struct iphdr *ip;
	struct l4ports *p;

	ip = advance(skb, 0, sizeof(*ip));
	if (!ip || ip->version != 4)
		return BPF_FD_DROP;
	keys->addr_proto = 0x0800;
	keys->ipv4_src = ip->saddr;
	keys->ipv4_dst = ip->daddr;
	keys->ip_proto = ip->protocol;
	p = (struct l4ports *)(ip + 1);
	keys->sport = p->src;
	keys->dport = p->dst;
	return BPF_FD_OK;
}

char _license[] SEC("license") = "GPL";

// Report the name of each outgoing DNS question with the address of the server, IPv4.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define ETH_HEADER 14
#define IP_FRAGMENT_OFFSET 0x1fff
#define TC_ACT_OK 0
#define DNS_PORT 53
#define DNS_HEADER 12
#define NAME_BYTES 64

struct event {
	__be32 server;
	char name[NAME_BYTES]; /* cut after so many bytes */
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} questions SEC(".maps");

/* Copies the name, which ends with a byte of zero. */
static __always_inline void copy_name(struct __sk_buff *skb, __u32 offset, char *name)
{
	for (int i = 0; i < NAME_BYTES - 1; i++) {
		char byte = 0;
		if (bpf_skb_load_bytes(skb, offset + i, &byte, 1) < 0 || byte == 0)
			break;
		name[i] = byte;
	}
}

SEC("tc")
int log_question(struct __sk_buff *skb)
{
	struct iphdr ip;
	struct udphdr udp;

	if (skb->protocol != bpf_htons(ETH_P_IP))
		return TC_ACT_OK;
	if (bpf_skb_load_bytes(skb, ETH_HEADER, &ip, sizeof(ip)) < 0 || ip.protocol != IPPROTO_UDP)
		return TC_ACT_OK;
	if (ip.frag_off & bpf_htons(IP_FRAGMENT_OFFSET))
		return TC_ACT_OK;

	__u32 at = ETH_HEADER + ip.ihl * 4;
	if (bpf_skb_load_bytes(skb, at, &udp, sizeof(udp)) < 0 || udp.dest != bpf_htons(DNS_PORT))
		return TC_ACT_OK;

	struct event *e = bpf_ringbuf_reserve(&questions, sizeof(*e), 0);
	if (!e)
		return TC_ACT_OK;
	__builtin_memset(e, 0, sizeof(*e));
	e->server = ip.daddr;
	copy_name(skb, at + sizeof(udp) + DNS_HEADER, e->name);
	bpf_ringbuf_submit(e, 0);
	return TC_ACT_OK;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define ETH_P_IP 0x0800

#define TCPOPT_EOL 0
#define TCPOPT_NOP 1
#define TCPOPT_MAXSEG 2

__u64 small_mss;

static __always_inline int read_mss(__u8 *opt, void *data_end)
{
	int i;

	for (i = 0; i < 10; i++) {
		if ((void *)(opt + 1) > data_end)
			return -1;
		if (opt[0] == TCPOPT_EOL)
			return -1;
		if (opt[0] == TCPOPT_NOP) {
			opt++;
			continue;
		}
		if ((void *)(opt + 4) > data_end)
			return -1;
		if (opt[0] == TCPOPT_MAXSEG)
			return opt[2] << 8 | opt[3];
		if (opt[1] < 2)
			return -1;
		opt += opt[1];
	}
	return -1;
}

SEC("xdp")
int find_mss(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct tcphdr *th = data + sizeof(*eth) + sizeof(*ip);
	int mss;

	if ((void *)(th + 1) > data_end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(ETH_P_IP) || ip->protocol != IPPROTO_TCP || ip->ihl != 5)
		return XDP_PASS;
	if (!th->syn)
		return XDP_PASS;

	mss = read_mss((__u8 *)(th + 1), data_end);
	if (mss >= 0 && mss < 536) {
		__sync_fetch_and_add(&small_mss, 1);
		return XDP_DROP;
	}
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";

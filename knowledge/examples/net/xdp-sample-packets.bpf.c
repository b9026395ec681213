// Report the first bytes of about one in a thousand received packets through a ring buffer.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define SAMPLE_ONE_OF 1000
#define CAPTURE 54 /* Ethernet, IPv4 and TCP header; every Ethernet packet has 60 bytes */

struct event {
	__u32 length;    /* bytes of the packet, from the Ethernet header on */
	__u32 interface; /* number, as in `ip link` */
	__u8 data[CAPTURE];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} samples SEC(".maps");

SEC("xdp")
int sample(struct xdp_md *ctx)
{
	if (bpf_get_prandom_u32() % SAMPLE_ONE_OF)
		return XDP_PASS;

	struct event *e = bpf_ringbuf_reserve(&samples, sizeof(*e), 0);
	if (!e)
		return XDP_PASS; /* nobody reads fast enough: leave this one out */

	e->length = ctx->data_end - ctx->data;
	e->interface = ctx->ingress_ifindex;
	if (bpf_xdp_load_bytes(ctx, 0, e->data, CAPTURE) < 0) {
		bpf_ringbuf_discard(e, 0); /* what was reserved must be given back */
		return XDP_PASS;
	}
	bpf_ringbuf_submit(e, 0);
	return XDP_PASS;
}

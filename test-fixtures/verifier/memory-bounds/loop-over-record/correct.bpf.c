#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
#define DEPTH 4
struct chain { __u64 at[DEPTH]; };
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} chains SEC(".maps");

SEC("perf_event")
int sample(struct bpf_perf_event_data *ctx)
{
	struct chain *c = bpf_ringbuf_reserve(&chains, sizeof(*c), 0);
	int i;

	if (!c)
		return 0;
	for (i = 0; i < DEPTH; i++)
		c->at[i] = ctx->regs.ip + i;
	bpf_ringbuf_submit(c, 0);
	return 0;
}

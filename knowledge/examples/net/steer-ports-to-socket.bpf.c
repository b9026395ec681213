// Give new connections to any port from 7000 to 7999 to one listening socket.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define FIRST_PORT 7000
#define LAST_PORT 7999

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} listener SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LAST_PORT - FIRST_PORT + 1);
	__type(key, __u32); /* port */
	__type(value, __u64);
} steered SEC(".maps");

SEC("sk_lookup")
int steer(struct bpf_sk_lookup *ctx)
{
	__u32 port = ctx->local_port, zero = 0;
	__u64 one = 1;

	if (port < FIRST_PORT || port > LAST_PORT)
		return SK_PASS;

	__u64 *count = bpf_map_lookup_elem(&steered, &port);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&steered, &port, &one, BPF_NOEXIST);

	struct bpf_sock *sk = bpf_map_lookup_elem(&listener, &zero);
	if (!sk)
		return SK_PASS;
	long error = bpf_sk_assign(ctx, sk, 0);
	bpf_sk_release(sk); /* the reference taken by the lookup */
	return error ? SK_DROP : SK_PASS;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} peers SEC(".maps");

static __always_inline bool is_ping(const char *p)
{
	return p[0] == 'P' && p[1] == 'I' && p[2] == 'N' && p[3] == 'G';
}

SEC("sk_msg")
int msg_verdict(struct sk_msg_md *msg)
{
	char *data;
	char *data_end;
	__u32 key = msg->remote_port;

	bpf_msg_pull_data(msg, 0, 4, 0);
	data = msg->data;
	data_end = msg->data_end;
	if (data + 4 > data_end)
		return SK_PASS;
	if (is_ping(data))
		return SK_DROP;
	if (data_end - data > 1400)
		return SK_PASS;
	return bpf_msg_redirect_hash(msg, &peers, &key, BPF_F_INGRESS);
}

char _license[] SEC("license") = "GPL";

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct pair { __u16 l, r; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 512);
	__type(key, struct pair);
	__type(value, __u64);
} established SEC(".maps");

SEC("sockops")
int port_pair(struct bpf_sock_ops *ops)
{
	struct pair p = {};
	__u64 now = bpf_ktime_get_ns();

	switch (ops->op) {
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		p.l = *(volatile __u16 *)&ops->local_port;
		p.r = bpf_ntohl(ops->remote_port);
		bpf_map_update_elem(&established, &p, &now, BPF_ANY);
	}
	return 1;
}

char _license[] SEC("license") = "GPL";

// Let the processes of a control group make only TCP and UDP sockets over IPv4 and IPv6, and count the refused families.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define REFUSE 0
#define ALLOW 1
#define SOCK_TYPES 11

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SOCK_TYPES);
	__type(key, __u32); /* type of socket */
	__type(value, __u64);
} refused SEC(".maps");

SEC("cgroup/sock_create")
int check_socket(struct bpf_sock *sk)
{
	__u32 type = sk->type;

	if ((type == SOCK_STREAM && sk->protocol == IPPROTO_TCP) ||
	    (type == SOCK_DGRAM && sk->protocol == IPPROTO_UDP))
		return ALLOW;

	__u64 *count = bpf_map_lookup_elem(&refused, &type);
	if (count)
		*count += 1;
	return REFUSE;
}

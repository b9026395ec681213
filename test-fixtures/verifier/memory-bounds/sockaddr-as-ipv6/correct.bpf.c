#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_endian.h>
char _license[] SEC("license") = "GPL";
const volatile __u32 blocked_tail = 0x35000000;

SEC("lsm/socket_connect")
int BPF_PROG(deny_connect, struct socket *sock, struct sockaddr *address, int addrlen)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)address;
	__u32 tail = 0;

	if (address->sa_family != 10)
		return 0;
	bpf_probe_read_kernel(&tail, sizeof(tail), &in6->sin6_addr.in6_u.u6_addr32[3]);
	if (tail == blocked_tail)
		return -1;
	return 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
const char _license[] SEC("license") = "GPL";
SEC("lsm/socket_connect")
int BPF_PROG(deny_connect, struct socket *sock, struct sockaddr *address, int addrlen, int ret)
{
	if (ret)
		return ret;
	__u64 raw = (__u64)address + 2;
	if (*(__be16 *)(raw ^ 0) == bpf_htons(25))
		return -1;
	return 0;
}

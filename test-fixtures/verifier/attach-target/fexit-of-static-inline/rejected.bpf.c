#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u64 gets;

SEC("fexit/get_page")
int BPF_PROG(count_get)
{
	__sync_fetch_and_add(&gets, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

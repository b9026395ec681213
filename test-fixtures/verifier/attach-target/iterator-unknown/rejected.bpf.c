#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
__u64 n;

SEC("iter/container")
int each(void *ctx)
{
	n++;
	return 0;
}

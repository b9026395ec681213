#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} depth SEC(".maps");

SEC("tp/irq/irq_handler_entry")
int irq_in(void *ctx)
{
	__u32 zero = 0, *d = bpf_map_lookup_elem(&depth, &zero);

	if (d && *d < 64)
		*d += 1;
	return 0;
}

SEC("tp/irq/irq_handler_exit")
int irq_out(void *ctx)
{
	__u32 zero = 0, *d = bpf_map_lookup_elem(&depth, &zero);

	if (d)
		*d -= 1;
	return 0;
}

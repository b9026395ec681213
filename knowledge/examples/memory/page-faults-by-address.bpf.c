// Count user page faults by process and by the 2 megabyte region they fall in, reads and writes apart.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define REGION_BITS 21 /* 2 MB */
#define FAULT_WRITE 0x2

/* as in the format file of the tracepoint: the name of this struct differs between kernels */
struct page_fault {
	__u64 common; /* what all tracepoints begin with */
	__u64 address;
	__u64 ip;
	__u64 error_code;
};

struct where {
	__u64 region;
	__u64 pid;
};

struct fault_counts {
	__u64 reads;
	__u64 writes;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct where);
	__type(value, struct fault_counts);
} faults SEC(".maps");

SEC("tracepoint/exceptions/page_fault_user")
int on_fault(struct page_fault *ctx)
{
	struct where key = {
		.region = ctx->address >> REGION_BITS,
		.pid = bpf_get_current_pid_tgid() >> 32,
	};
	struct fault_counts *c = bpf_map_lookup_elem(&faults, &key);

	if (!c) {
		struct fault_counts none = {};
		bpf_map_update_elem(&faults, &key, &none, BPF_NOEXIST);
		c = bpf_map_lookup_elem(&faults, &key);
		if (!c)
			return 0;
	}
	__sync_fetch_and_add(ctx->error_code & FAULT_WRITE ? &c->writes : &c->reads, 1);
	return 0;
}

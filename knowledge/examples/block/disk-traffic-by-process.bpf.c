// Add up the disk requests and bytes that each process causes, reads and writes apart.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct user {
	__u32 pid;
	__u32 device;
	char comm[16];
};

struct disk_traffic {
	__u64 reads;
	__u64 read_bytes;
	__u64 writes;
	__u64 written_bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, struct user);
	__type(value, struct disk_traffic);
} traffic SEC(".maps");

SEC("tracepoint/block/block_rq_issue")
int on_issue(struct trace_event_raw_block_rq *ctx)
{
	struct user key = { .pid = bpf_get_current_pid_tgid() >> 32, .device = ctx->dev };

	__u32 bytes = ctx->bytes;

	bpf_get_current_comm(key.comm, sizeof(key.comm));
	struct disk_traffic *t = bpf_map_lookup_elem(&traffic, &key);
	if (!t) {
		struct disk_traffic none = {};
		bpf_map_update_elem(&traffic, &key, &none, BPF_NOEXIST);
		t = bpf_map_lookup_elem(&traffic, &key);
		if (!t)
			return 0;
	}
	/* the letters say what it is: R a read, W a write; F in front of them a flush */
	char rwbs[8] = {};
	bpf_probe_read_kernel_str(rwbs, sizeof(rwbs), ctx->rwbs);
	char kind = rwbs[0] == 'F' ? rwbs[1] : rwbs[0];
	if (kind == 'R') {
		__sync_fetch_and_add(&t->reads, 1);
		__sync_fetch_and_add(&t->read_bytes, bytes);
	} else if (kind == 'W') {
		__sync_fetch_and_add(&t->writes, 1);
		__sync_fetch_and_add(&t->written_bytes, bytes);
	}
	return 0;
}

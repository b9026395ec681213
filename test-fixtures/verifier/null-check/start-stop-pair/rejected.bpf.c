#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct io_start {
	u64 ts;
	u32 bytes;
	u32 pid;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, u64);
	__type(value, struct io_start);
} inflight SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 32);
	__type(key, u32);
	__type(value, u64);
} lat_hist SEC(".maps");

static __always_inline u32 bucket_of(u64 ns)
{
	u32 b = 0;

#pragma unroll
	for (int i = 0; i < 31; i++)
		if (ns >> (i + 10))
			b = i + 1;
	return b;
}

SEC("kprobe/vfs_write")
int BPF_KPROBE(io_begin, struct file *f, const char *buf, size_t count)
{
	u64 id = bpf_get_current_pid_tgid();
	struct io_start s = { .ts = bpf_ktime_get_ns(), .bytes = count, .pid = id >> 32 };

	bpf_map_update_elem(&inflight, &id, &s, BPF_ANY);
	return 0;
}

SEC("kretprobe/vfs_write")
int BPF_KRETPROBE(io_done, ssize_t ret)
{
	u64 id = bpf_get_current_pid_tgid();
	struct io_start *s;
	u64 delta, *slot;
	u32 idx;

	s = bpf_map_lookup_elem(&inflight, &id);
	delta = bpf_ktime_get_ns() - s->ts;
	idx = bucket_of(delta);
	slot = bpf_map_lookup_elem(&lat_hist, &idx);
	if (slot)
		__sync_fetch_and_add(slot, 1);
	bpf_map_delete_elem(&inflight, &id);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

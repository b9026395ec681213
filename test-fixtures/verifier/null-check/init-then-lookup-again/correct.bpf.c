#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct stats {
    u64 calls;
    u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, u32);
	__type(value, struct stats);
} by_pid SEC(".maps");

static __always_inline struct stats *stats_of(u32 pid)
{
    struct stats fresh = {};
    struct stats *s = bpf_map_lookup_elem(&by_pid, &pid);

    if (s)
        return s;
    bpf_map_update_elem(&by_pid, &pid, &fresh, BPF_NOEXIST);
    return bpf_map_lookup_elem(&by_pid, &pid);
}

SEC("kprobe/vfs_write")
int BPF_KPROBE(write_entry, struct file *file, const char *buf, size_t count)
{
    struct stats *s = stats_of(bpf_get_current_pid_tgid() >> 32);

    if (!s)
        return 0;
    s->calls += 1;
    s->bytes += count;
    return 0;
}

const char _license[] SEC("license") = "GPL";

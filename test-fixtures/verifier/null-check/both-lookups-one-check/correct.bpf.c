#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct span { __u64 begin; __u64 end; };
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u64);
} spans SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct span);
} slowest SEC(".maps");

SEC("tracepoint/syscalls/sys_exit_read")
int read_done(struct trace_event_raw_sys_exit *ctx)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();
	__u64 now = bpf_ktime_get_ns();
	__u64 *began = bpf_map_lookup_elem(&spans, &tid);
	struct span *worst = bpf_map_lookup_elem(&slowest, &tid);

	if (!began || !worst)
		return 0;
	__u64 took = now - *began;
	if (took > worst->end - worst->begin) {
		worst->begin = *began;
		worst->end = now;
	}
	bpf_map_delete_elem(&spans, &tid);
	return 0;
}

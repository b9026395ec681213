#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char _license[] SEC("license") = "GPL";
struct event { char path[64]; };
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} out SEC(".maps");

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(opened, int dfd, const char *name)
{
	struct event ev = {};
	long n = bpf_probe_read_user_str(ev.path, sizeof(ev.path), name);

	ev.path[n] = '\n';
	bpf_perf_event_output(ctx, &out, BPF_F_CURRENT_CPU, &ev, sizeof(ev));
	return 0;
}

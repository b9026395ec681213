#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
char __license[] SEC("license") = "Dual MIT/GPL";
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, __u64);
} inflight SEC(".maps");

SEC("tp_btf/block_rq_issue")
int BPF_PROG(issue, struct request *rq)
{
	__u64 id = bpf_get_current_pid_tgid(), addr = (__u64)rq;

	bpf_map_update_elem(&inflight, &id, &addr, BPF_ANY);
	return 0;
}

SEC("raw_tp/sched_process_exit")
int late(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u64 *addr = bpf_map_lookup_elem(&inflight, &id);

	if (!addr)
		return 0;
	struct request *rq = (struct request *)*addr;
	bpf_printk("%u bytes open", BPF_CORE_READ(rq, __data_len));
	return 0;
}

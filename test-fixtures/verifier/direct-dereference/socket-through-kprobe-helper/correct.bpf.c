#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_endian.h>
const char _license[] SEC("license") = "GPL";
struct flow4 {
	__be32 saddr, daddr;
	__be16 sport, dport;
};
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __type(key, struct flow4);
    __type(value, __u64);
    __uint(max_entries, 8192);
} started SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u16);
	__type(value, __u64);
} closed SEC(".maps");

static __always_inline void fill_ports(struct flow4 *f, struct sock *sk)
{
	f->sport = BPF_CORE_READ(sk, __sk_common.skc_num);
	f->dport = BPF_CORE_READ(sk, __sk_common.skc_dport);
}

static __always_inline int fill(struct flow4 *f, struct sock *sk)
{
	f->saddr = BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr);
	f->daddr = BPF_CORE_READ(sk, __sk_common.skc_daddr);
	fill_ports(f, sk);
	return f->dport != 0;
}

static int trace_state(struct sock *sk, int state)
{
	struct flow4 f = {};
	__u64 now = bpf_ktime_get_ns(), *began;

	if (!fill(&f, sk))
		return 0;
	switch (state) {
	case TCP_SYN_SENT:
		bpf_map_update_elem(&started, &f, &now, BPF_ANY);
		break;
	case TCP_CLOSE:
		began = bpf_map_lookup_elem(&started, &f);
		if (!began)
			break;
		now -= *began;
		bpf_map_update_elem(&closed, &f.dport, &now, BPF_ANY);
		bpf_map_delete_elem(&started, &f);
		break;
	}
	return 0;
}

SEC("kprobe/tcp_set_state")
int BPF_KPROBE(set_state, struct sock *sk, int state)
{
	return trace_state(sk, state);
}

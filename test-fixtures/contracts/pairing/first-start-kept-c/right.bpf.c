#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u64);
} first_try SEC(".maps");

/* when did a process first try to connect? */
SEC("tp/syscalls/sys_enter_connect")
int attempt(void *ctx)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	__u64 now = bpf_ktime_get_ns();
	__u64 *earlier = bpf_map_lookup_elem(&first_try, &tgid);
	__u64 kept = earlier ? *earlier : now;

	bpf_map_update_elem(&first_try, &tgid, &now, BPF_NOEXIST);
	//@ assert present(first_try[tgid]) ==> first_try[tgid] == kept
	bpf_printk("%u: first attempt at %llu", tgid, kept);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

// Add up the bytes that each process allocates with malloc and has not freed since.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct block {
	__u64 address;
	__u64 pid; /* addresses of different processes may be equal */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);   /* thread */
	__type(value, __u64); /* bytes it asked for */
} asked SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 131072);
	__type(key, struct block);
	__type(value, __u64); /* bytes */
} blocks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32); /* process id */
	__type(value, __u64);
} in_use SEC(".maps");

SEC("uprobe/libc.so.6:malloc")
int BPF_KPROBE(on_malloc, __u64 bytes)
{
	__u64 thread = bpf_get_current_pid_tgid();

	bpf_map_update_elem(&asked, &thread, &bytes, BPF_ANY);
	return 0;
}

SEC("uretprobe/libc.so.6:malloc")
int BPF_KRETPROBE(on_malloc_return, __u64 address)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct block block = { .address = address, .pid = thread >> 32 };
	__u32 pid = thread >> 32;
	__u64 *bytes = bpf_map_lookup_elem(&asked, &thread);
	if (!bytes)
		return 0;

	__u64 n = *bytes;
	bpf_map_delete_elem(&asked, &thread);
	if (address == 0)
		return 0; /* out of memory */
	bpf_map_update_elem(&blocks, &block, &n, BPF_ANY);
	__u64 *total = bpf_map_lookup_elem(&in_use, &pid);
	if (total)
		__sync_fetch_and_add(total, n);
	else
		bpf_map_update_elem(&in_use, &pid, &n, BPF_NOEXIST);
	return 0;
}

SEC("uprobe/libc.so.6:free")
int BPF_KPROBE(on_free, __u64 address)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct block block = { .address = address, .pid = pid };
	__u64 *bytes = bpf_map_lookup_elem(&blocks, &block);
	__u64 *total = bpf_map_lookup_elem(&in_use, &pid);

	if (bytes && total)
		__sync_fetch_and_sub(total, *bytes);
	if (bytes)
		bpf_map_delete_elem(&blocks, &block);
	return 0;
}

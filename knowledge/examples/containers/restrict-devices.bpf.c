// Let the processes of a control group open only null, zero, full, random, urandom and tty devices.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define REFUSE 0
#define ALLOW 1
#define KIND_CHARACTER 2
#define MAJOR_MEMORY 1
#define MAJOR_TTY 5

struct device_number {
	__u32 major;
	__u32 minor;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct device_number);
	__type(value, __u64); /* attempts refused */
} refused SEC(".maps");

static __always_inline int is_harmless(struct bpf_cgroup_dev_ctx *ctx)
{
	if ((ctx->access_type & 0xffff) != KIND_CHARACTER)
		return 0;
	if (ctx->major == MAJOR_TTY && ctx->minor == 0)
		return 1;
	if (ctx->major != MAJOR_MEMORY)
		return 0;
	/* null, zero, full, random, urandom */
	return ctx->minor == 3 || ctx->minor == 5 || ctx->minor == 7 || ctx->minor == 8 ||
	       ctx->minor == 9;
}

SEC("cgroup/dev")
int check_device(struct bpf_cgroup_dev_ctx *ctx)
{
	struct device_number number = { .major = ctx->major, .minor = ctx->minor };
	__u64 one = 1;

	if (is_harmless(ctx))
		return ALLOW;

	__u64 *attempts = bpf_map_lookup_elem(&refused, &number);
	if (attempts)
		__sync_fetch_and_add(attempts, 1);
	else
		bpf_map_update_elem(&refused, &number, &one, BPF_NOEXIST);
	return REFUSE;
}

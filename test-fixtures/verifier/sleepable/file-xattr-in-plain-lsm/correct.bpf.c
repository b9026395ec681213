#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char LICENSE[] SEC("license") = "GPL";
extern int bpf_get_file_xattr(struct file *file, const char *name__str, struct bpf_dynptr *value_p) __ksym;
char value[32];

SEC("lsm.s/file_open")
int BPF_PROG(check_origin, struct file *file)
{
	struct bpf_dynptr out;

	if (bpf_dynptr_from_mem(value, sizeof(value), 0, &out))
		return 0;
	if (bpf_get_file_xattr(file, "user.origin", &out) < 0)
		return 0;
	return value[0] == 'x' ? -1 : 0;
}

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char __license[] SEC("license") = "Dual MIT/GPL";
SEC("lsm/bprm_creds_for_exec")
int BPF_PROG(become, struct linux_binprm *bprm)
{
	struct cred *cred = bprm->cred;

	if (cred->uid.val == 1000)
		return -1;
	return 0;
}

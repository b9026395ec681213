#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const char _license[] SEC("license") = "GPL";
#define FRAME 5

SEC("sk_msg")
int frames(struct sk_msg_md *msg)
{
	__u8 *data = msg->data;
	__u8 *end = msg->data_end;

	if (data + FRAME > end)
		return SK_PASS;
	if (data[0] != 0x16)
		return SK_PASS;
	msg->size = FRAME;
	return SK_PASS;
}

/** Pieces of BPF C as people write them; `N` becomes a number, so that every program has names and maps of its own. */
const PIECES = [
  `/* Latency of reads, by process. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u64);
} start_N SEC(".maps");

struct latency_N {
	__u64 slots[MAX_SLOTS];
	char comm[TASK_COMM_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct latency_N);
} hists_N SEC(".maps");

SEC("fentry/vfs_read")
int BPF_PROG(read_entry_N, struct file *file, char *buf, size_t count)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();
	__u64 now = bpf_ktime_get_ns();

	if (!keep(tid))
		return 0;
	bpf_map_update_elem(&start_N, &tid, &now, BPF_ANY);
	return 0;
}

SEC("fexit/vfs_read")
int BPF_PROG(read_exit_N, struct file *file, char *buf, size_t count, loff_t *pos, ssize_t ret)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();
	__u64 *began = bpf_map_lookup_elem(&start_N, &tid);
	struct latency_N *hist, zero = {};

	if (!began)
		return 0;
	hist = bpf_map_lookup_elem(&hists_N, &tid);
	if (!hist) {
		bpf_map_update_elem(&hists_N, &tid, &zero, BPF_NOEXIST);
		hist = bpf_map_lookup_elem(&hists_N, &tid);
		if (!hist)
			return 0;
		bpf_get_current_comm(hist->comm, sizeof(hist->comm));
	}
	__u64 slot = log2l((bpf_ktime_get_ns() - *began) / 1000);
	if (slot >= MAX_SLOTS)
		slot = MAX_SLOTS - 1;
	__sync_fetch_and_add(&hist->slots[slot], 1);
	bpf_map_delete_elem(&start_N, &tid);
	return 0;
}
`,
  `/* Packets by protocol and port. */
struct flow_N {
	__u32 source;
	__u32 destination;
	__u16 port;
	__u8 protocol;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct flow_N);
	__type(value, __u64);
} flows_N SEC(".maps");

static __always_inline int ports_N(struct iphdr *ip, void *end, struct flow_N *flow)
{
	struct tcphdr *tcp = (void *)ip + ip->ihl * 4;

	if ((void *)(tcp + 1) > end)
		return -1;
	flow->port = bpf_ntohs(tcp->dest);
	return 0;
}

SEC("xdp")
int count_N(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct flow_N flow = {};
	__u64 one = 1, *seen;

	if ((void *)(ip + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;
	flow.source = ip->saddr;
	flow.destination = ip->daddr;
	flow.protocol = ip->protocol;
	if (ip->protocol == IPPROTO_TCP && ports_N(ip, end, &flow) < 0)
		return XDP_DROP;
	seen = bpf_map_lookup_elem(&flows_N, &flow);
	if (seen)
		*seen += 1;
	else
		bpf_map_update_elem(&flows_N, &flow, &one, BPF_ANY);
	return XDP_PASS;
}
`,
  `/* Who starts which program. */
struct event_N {
	__u32 pid;
	__u32 parent;
	char comm[TASK_COMM_LEN];
	char file[256];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events_N SEC(".maps");

SEC("tp/syscalls/sys_enter_execve")
int exec_N(struct trace_event_raw_sys_enter *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct event_N *event = bpf_ringbuf_reserve(&events_N, sizeof(*event), 0);

	if (!event)
		return 0;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->parent = BPF_CORE_READ(task, real_parent, tgid);
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_probe_read_user_str(event->file, sizeof(event->file), (const char *)ctx->args[0]);
	bpf_ringbuf_submit(event, 0);
	return 0;
}
`,
  `SEC("kprobe/tcp_connect")
int BPF_KPROBE(connect_N, struct sock *sk)
{
	__u16 port = BPF_CORE_READ(sk, __sk_common.skc_dport);
	__u32 address = BPF_CORE_READ(sk, __sk_common.skc_daddr);

	if (!keep(bpf_get_current_pid_tgid() >> 32))
		return 0;
	bpf_printk("connect to %x:%d", bpf_ntohl(address), bpf_ntohs(port));
	return 0;
}
`,
];

const HEAD = `#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

#define MAX_SLOTS 27
#define TASK_COMM_LEN 16
#define ETH_P_IP 0x0800

const volatile __u32 only = 0;

static __always_inline int keep(__u32 pid)
{
	return only == 0 || only == pid;
}

static __always_inline __u64 log2l(__u64 value)
{
	__u64 bits = 0;

	for (int i = 0; i < 64 && value > 1; i++, value >>= 1)
		bits++;
	return bits;
}

`;

/** BPF C of about `lines` lines that compiles and loads. It is the same each time. */
export function programC(lines: number): string {
  let text = HEAD;
  for (let n = 0; text.split('\n').length < lines; n++) text += `${(PIECES[n % PIECES.length] ?? '').replaceAll(/_N\b/g, `_${n}`)}\n`;
  return `${text}char LICENSE[] SEC("license") = "GPL";\n`;
}

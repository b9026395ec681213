#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
char LICENSE[] SEC("license") = "GPL";
#define PORTS 1024
struct table { __u8 seen[PORTS]; };
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, u32);
    __type(value, struct table);
    __uint(max_entries, 1);
} low_ports SEC(".maps");

SEC("xdp")
int mark_port(struct xdp_md *ctx)
{
    void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
    struct tcphdr *tcp = data + sizeof(struct ethhdr) + sizeof(struct iphdr);
    u32 zero = 0;

    if ((void *)(tcp + 1) > data_end)
        return XDP_PASS;

    struct table *t = bpf_map_lookup_elem(&low_ports, &zero);
    if (!t)
        return XDP_PASS;

    u32 port = bpf_ntohs(tcp->dest);
    if (port <= PORTS)
        t->seen[port] = 1;
    return XDP_PASS;
}

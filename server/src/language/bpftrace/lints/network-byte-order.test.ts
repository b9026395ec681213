import { describe, expect, it } from 'vitest';
import { expectLint, lintText, repaired } from './expect.test-support.ts';

const CODE = 'network-byte-order';

describe('fields in network byte order used as numbers', () => {
  it.each([
    'kprobe:tcp_connect { $sk = (struct sock *)arg0; printf("%d\\n", «$sk->__sk_common.skc_dport»); }',
    'kprobe:tcp_connect { $sk = (struct sock *)arg0; $p = $sk->__sk_common.skc_dport; printf("%s %-6u\\n", comm, «$p»); }',
    'fentry:tcp_connect { @ports[«args.sk->__sk_common.skc_dport»] = count(); }',
    'fentry:tcp_connect /«args.sk->__sk_common.skc_dport» == 443/ { @ = count(); }',
    'fentry:tcp_connect { $daddr = args.sk->__sk_common.skc_daddr; printf("to %d\\n", «$daddr»); }',
    'kprobe:ip_rcv { $skb = (struct sk_buff *)arg0; if («$skb->protocol» == 2048) { @v4 = count(); } }',
    'kprobe:ip_rcv { $ip = (struct iphdr *)arg0; @bytes = hist(«$ip->tot_len»); }',
    'fentry:tcp_connect { @p[tid] = args.sk->__sk_common.skc_dport; } fexit:tcp_connect { printf("%d", «@p[tid]»); delete(@p[tid]); }',
    'fentry:__udp4_lib_rcv { $uh = (struct udphdr *)(args.skb->head + args.skb->transport_header); $len = «$uh->len» - 8; @ = stats($len); }',
    'kprobe:tcp_connect { $dport = ((struct sock *)arg0)->__sk_common.skc_dport; print((«$dport», comm)); }',
    // A tuple takes it along.
    'fentry:tcp_connect { $key = (comm, «args.sk->__sk_common.skc_dport»); @[$key] = count(); }',
    'fentry:tcp_connect { @[(comm, «args.sk->__sk_common.skc_dport»)] = count(); }',
    // What is swapped has no order at all.
    'fentry:tcp_connect { $p = args.sk->__sk_common.skc_dport; if («$p» < 1024) { @ = count(); } }',
    'fentry:tcp_connect /«args.sk->__sk_common.skc_dport» >= 32768/ { @ = count(); }',
    'kprobe:ip_rcv { $ip = (struct iphdr *)arg0; if («$ip->daddr» == 0x7f000001) { @ = count(); } }',
    'kprobe:ip_rcv { $ip = (struct iphdr *)arg0; if («$ip->saddr» != 0xc0a80001) { @ = count(); } }',
    'kprobe:tcp_rcv_established { $th = (struct tcphdr *)arg2; if («$th->seq» > 1000000) { @ = count(); } }',
  ])('%s', (source) => {
    expectLint(CODE, source);
  });
  it.each([
    'kprobe:tcp_connect { $sk = (struct sock *)arg0; $p = $sk->__sk_common.skc_dport; $p = bswap($p); printf("%d\\n", $p); }',
    'kprobe:tcp_connect { $sk = (struct sock *)arg0; printf("%d\\n", bswap($sk->__sk_common.skc_dport)); }',
    // Local ports are in the host's order.
    'fentry:tcp_connect { @ports[args.sk->__sk_common.skc_num] = count(); }',
    'fentry:tcp_connect { printf("%s\\n", ntop(args.sk->__sk_common.skc_daddr)); }',
    // The constant was swapped by hand: 20480 is 80.
    'fentry:tcp_connect /args.sk->__sk_common.skc_dport == 20480/ { @ = count(); }',
    'fentry:tcp_connect /args.sk->__sk_common.skc_dport != 0/ { @ = count(); }',
    'fentry:tcp_connect /args.sk->__sk_common.skc_dport > 0/ { @ = count(); }',
    'kprobe:ip_rcv { $ip = (struct iphdr *)arg0; if ($ip->daddr == 0x0100007f) { @ = count(); } }',
    'kprobe:ip_rcv { $ip = (struct iphdr *)arg0; if ($ip->daddr == 0x0a00000a || $ip->saddr == $1) { @ = count(); } }',
    'fentry:tcp_connect { $key = (comm, bswap(args.sk->__sk_common.skc_dport)); @[$key] = count(); }',
    'fentry:tcp_connect { $key = (comm, args.sk->__sk_common.skc_dport); @seen[$key] = 1; delete(@seen, $key); }',
    // Swapped with shifts.
    'kprobe:tcp_connect { $d = ((struct sock *)arg0)->__sk_common.skc_dport; $d = ($d >> 8) | (($d << 8) & 0xff00); printf("%d", $d); }',
    // Tracepoints give ports in the host's order.
    'tracepoint:sock:inet_sock_set_state { @[args.dport] = count(); }',
    'kprobe:nosuch { $x = (struct nosuch *)arg0; printf("%d", $x->skc_dport); }',
    'fentry:tcp_connect { @p[tid] = args.sk->__sk_common.skc_dport; } fexit:tcp_connect { printf("%d", bswap(@p[tid])); delete(@p[tid]); }',
    'kprobe:tcp_connect { $d = ((struct sock *)arg0)->__sk_common.skc_dport; $p = ($d >> 8) | (($d << 8) & 0xff00); @[$p] = count(); }',
  ])('%s', (source) => {
    expectLint(CODE, source);
  });
  it('repairs a port with bswap and an address with ntop', () => {
    const port = 'fentry:tcp_connect { printf("%d\\n", args.sk->__sk_common.skc_dport); }';
    expect(repaired(port, lintText(port)[0])).toBe('fentry:tcp_connect { printf("%d\\n", bswap(args.sk->__sk_common.skc_dport)); }');
    const address = 'fentry:tcp_connect { printf("%-8d\\n", args.sk->__sk_common.skc_daddr); }';
    const found = lintText(address).filter((p) => p.code === CODE);
    expect(repaired(address, found[0])).toBe('fentry:tcp_connect { printf("%-8s\\n", ntop(args.sk->__sk_common.skc_daddr)); }');
  });
});

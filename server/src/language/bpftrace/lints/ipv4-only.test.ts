import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.test-support.ts';

describe('IPv4 addresses where IPv6 comes along', () => {
  it.each([
    'kprobe:tcp_connect { $sk = (struct sock *)arg0; printf("%s", ntop(«$sk->__sk_common.skc_daddr»)); }',
    'fentry:tcp_close { @[ntop(«args.sk->__sk_common.skc_rcv_saddr»)] = count(); }',
    'kretprobe:inet_csk_accept { $sk = (struct sock *)retval; printf("%s\\n", ntop(2, «$sk->__sk_common.skc_daddr»)); }',
    'tracepoint:sock:inet_sock_set_state { printf("%s", ntop(«args.daddr»)); }',
    'kretprobe:inet_csk_accept { $sk = (struct sock *)retval; $peer = $sk->__sk_common.skc_daddr; @[ntop(«$peer»)] = count(); }',
    'kprobe:tcp_sendmsg { $sk = (struct sock *)arg0; @[ntop(AF_INET, «$sk->__sk_common.skc_daddr»)] = sum(arg2); }',
  ])('%s', (source) => {
    expectLint('ipv4-only', source);
  });
  it.each([
    'kprobe:tcp_connect { $sk = (struct sock *)arg0; if ($sk->__sk_common.skc_family == 2) { printf("%s", ntop($sk->__sk_common.skc_daddr)); } }',
    'kprobe:tcp_v4_connect { $sk = (struct sock *)arg0; printf("%s", ntop($sk->__sk_common.skc_daddr)); }',
    'tracepoint:sock:inet_sock_set_state /args.family == 2/ { printf("%s", ntop(args.daddr)); }',
    'tracepoint:sock:inet_sock_set_state { printf("%s", ntop(args.daddr_v6)); }',
    'kprobe:udp_sendmsg { $sk = (struct sock *)arg0; printf("%s", ntop($sk->__sk_common.skc_daddr)); }',
    'fentry:tcp_connect { $sk = args.sk; printf("%s", $sk->__sk_common.skc_family == 2 ? ntop($sk->__sk_common.skc_daddr) : ntop($sk->__sk_common.skc_v6_daddr.in6_u.u6_addr8)); }',
  ])('%s', (source) => {
    expectLint('ipv4-only', source);
  });
  it('names the field for the other family', () => {
    const [found] = expectLint('ipv4-only', 'fentry:tcp_connect { print(ntop(«args.sk->__sk_common.skc_daddr»)); }');
    expect(found?.message).toContain('skc_v6_daddr.in6_u.u6_addr8');
  });
  it.each([
    ['tracepoint:tcp:tcp_retransmit_skb { @[ntop(«args.saddr»)] = count(); }', 'tracepoint:tcp:tcp_retransmit_skb { @[ntop(args.saddr_v6)] = count(); }'],
    ['fentry:tcp_close { $s = args.sk; print(ntop(«$s->__sk_common.skc_daddr»)); }', 'fentry:tcp_close { $s = args.sk; print(($s->__sk_common.skc_family == 10 ? ntop($s->__sk_common.skc_v6_daddr.in6_u.u6_addr8) : ntop($s->__sk_common.skc_daddr))); }'],
  ])('tells IPv6 too: %s', (source, fixed) => {
    expect(repaired(source.replaceAll(/[«»]/g, ''), expectLint('ipv4-only', source)[0])).toBe(fixed);
    expectLint('ipv4-only', fixed);
  });
});

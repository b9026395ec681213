import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.test-support.ts';

describe('the current process where there is none', () => {
  it.each([
    'tracepoint:net:netif_receive_skb { @[«comm»] = count(); }',
    'tracepoint:irq:softirq_entry { @[«pid», args.vec] = count(); }',
    'tracepoint:block:block_rq_complete { printf("%d %s\\n", «pid», «comm»); }',
    'kprobe:tcp_v4_rcv /«pid» == 42/ { @ = count(); }',
    'interval:s:1 { printf("%s\\n", «comm»); }',
    'tracepoint:napi:napi_poll { @[«curtask->comm»] = count(); }',
  ])('%s', (source) => {
    expectLint('interrupt-context', source);
  });
  it.each([
    'tracepoint:block:block_rq_issue { @[comm] = count(); }',
    'tracepoint:net:netif_receive_skb { @[args.len] = count(); }',
    'profile:hz:99 { @[comm] = count(); }',
    'kprobe:tcp_connect { printf("%s\\n", comm); }',
    'tracepoint:block:block_rq_issue { @who[args.sector] = comm; } tracepoint:block:block_rq_complete { print(@who[args.sector]); delete(@who[args.sector]); }',
    // The interrupted thread is the same at both ends.
    'tracepoint:irq:softirq_entry { @start[tid] = nsecs; } tracepoint:irq:softirq_exit /@start[tid]/ { @ns[args.vec] = hist(nsecs - @start[tid]); delete(@start[tid]); }',
    'tracepoint:irq:softirq_entry { @start[tid, cpu] = nsecs; } tracepoint:irq:softirq_exit { if (has_key(@start, (tid, cpu))) { delete(@start, (tid, cpu)); } }',
    // One of them is a system call.
    'kprobe:tcp_v4_rcv, kprobe:tcp_sendmsg { @[comm] = count(); }',
  ])('%s', (source) => {
    expectLint('interrupt-context', source);
  });
  it.each([
    ['@[«comm»] = count();', '@ = count();'],
    ['@[«comm», args.vec] = count();', '@[args.vec] = count();'],
    ['@[args.vec, «comm»] = count();', '@[args.vec] = count();'],
  ])('leaves it out of a key: %s', (body, fixed) => {
    const source = `tracepoint:irq:softirq_entry { ${body} }`;
    expect(repaired(source.replaceAll(/[«»]/g, ''), expectLint('interrupt-context', source)[0])).toBe(`tracepoint:irq:softirq_entry { ${fixed} }`);
  });
});

import { describe, expect, it } from 'vitest';
import { bundled } from '../../../../test/support/inventory.ts';
import { listProbes } from './list-probes.ts';

const lines = (pattern: string): readonly string[] => {
  const found = listProbes(bundled, pattern);
  if (found.kind !== 'attach-points') throw new Error(JSON.stringify(found));
  return found.lines;
};

describe('patterns of bpftrace -l', () => {
  it.each([
    ['t:sched:sched_wak*', ['tracepoint:sched:sched_wake_idle_without_ipi', 'tracepoint:sched:sched_wakeup', 'tracepoint:sched:sched_wakeup_new', 'tracepoint:sched:sched_waking']],
    ['kfunc:tcp_conn*', ['fentry:vmlinux:tcp_conn_request', 'fentry:vmlinux:tcp_connect']],
    ['kprobe:virtio_net:virtnet_o*', ['kprobe:virtio_net:virtnet_open']],
    ['kr:tcp_connect', ['kretprobe:tcp_connect']],
    ['kprobe:tcp_connect+8', ['kprobe:tcp_connect']],
    ['s:faults:', ['software:faults:']],
    ['profile:*s', ['profile:ms:', 'profile:s:', 'profile:us:']],
    ['*:tcp_connect', ['fentry:vmlinux:tcp_connect', 'kprobe:tcp_connect']],
    ['tcp_connect', ['fentry:vmlinux:tcp_connect', 'kprobe:tcp_connect']],
    ['k*:tcp_connect', ['kprobe:tcp_connect']],
    ['kprobe:nosuch', []],
  ])('%s', (pattern, expected) => expect(lines(pattern)).toEqual(expected));
  it('one part is compared with the whole of a tracepoint', () => {
    expect(lines('tracepoint:*process_exec')).toEqual(['tracepoint:sched:sched_process_exec']);
    expect(new Set(lines('tracepoint:sched*').map((line) => line.split(':')[1]))).toEqual(new Set(['sched']));
  });
  it('nothing at all means everything, each attach point once', () => {
    expect(lines('')).toEqual(lines('*'));
    expect(new Set(lines('*:*').map((line) => line.split(':')[0]))).toEqual(new Set(['fentry', 'hardware', 'iter', 'kprobe', 'rawtracepoint', 'software', 'tracepoint']));
  });
  it('programs are not the kernel\'s to know', () => {
    expect(listProbes(bundled, 'u:/bin/bash:*read*')).toEqual({ kind: 'binary', provider: 'uprobe', path: '/bin/bash', name: ['*read*'] });
    expect(listProbes(bundled, 'usdt:/bin/x:p:n')).toEqual({ kind: 'binary', provider: 'usdt', path: '/bin/x', name: ['p', 'n'] });
  });
  it.each([['uprobe:*', 'Name the binary'], ['syscalls:x', "There is no kind of probe 'syscalls'"], ['BEGIN', 'begin has no attach points to list']])('%s', (pattern, message) => {
    expect(listProbes(bundled, pattern)).toEqual({ kind: 'bad', message: expect.stringContaining(message) as string });
  });
  it('what the kernel does not tell is not "none"', () => {
    const probes = { ...bundled.probes, knows: () => false };
    expect(listProbes({ probes: Object.assign(Object.create(Object.getPrototypeOf(bundled.probes) as object) as typeof bundled.probes, probes) }, 'kprobe:*')).toEqual({ kind: 'not-known', provider: 'kprobe' });
  });
});

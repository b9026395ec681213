import { expect, it } from 'vitest';
import { familyOf, spread } from './families.ts';

const hit = (id: string, score: number) => ({ id, score, kind: 'attach-point' as const, summary: '' });

it.each([
  ['tracepoint:syscalls:sys_enter_openat', 'tracepoint:syscalls:sys_exit_openat'],
  ['tracepoint:syscalls:sys_enter_openat', 'kprobe:__x64_sys_openat'],
  ['tracepoint:syscalls:sys_enter_dup2', 'tracepoint:syscalls:sys_enter_dup3'],
  ['tracepoint:irq:softirq_entry', 'tracepoint:irq:softirq_exit'],
  ['kprobe:inet_csk_accept', 'kretprobe:inet_csk_accept'],
  ['kprobe:vfs_read', 'fentry:vfs_read'],
  ['kprobe:tcp_close', 'kprobe:__tcp_close'],
  ['kprobe:__kmalloc_noprof', 'kprobe:__kmalloc'],
  ['kprobe:finish_task_switch.isra.0', 'kprobe:finish_task_switch'],
])('%s and %s are of one family', (a, b) => {
  expect(familyOf(a)).toBe(familyOf(b));
});

it.each([
  ['tracepoint:block:block_rq_issue', 'tracepoint:block:block_rq_complete'],
  ['kprobe:vfs_read', 'kprobe:vfs_write'],
  ['tracepoint:sched:sched_switch', 'tracepoint:power:sched_switch'],
  ['tracepoint:syscalls:sys_enter_open', 'tracepoint:syscalls:sys_enter_openat'],
])('%s and %s are not', (a, b) => {
  expect(familyOf(a)).not.toBe(familyOf(b));
});

it('variants of one function stand behind another that answers nearly as well', () => {
  const found = spread([hit('kprobe:tcp_close', 0.5), hit('kprobe:__tcp_close', 0.49), hit('kprobe:tcp_reset', 0.48), hit('kretprobe:tcp_close', 0.3)]);
  expect(found.map(({ id }) => id)).toEqual(['kprobe:tcp_close', 'kprobe:tcp_reset', 'kprobe:__tcp_close', 'kretprobe:tcp_close']);
  expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).toSorted((a, b) => b - a));
});

it('what was called by name keeps its place', () => {
  expect(spread([hit('kprobe:vfs_read', 1), hit('kretprobe:vfs_read', 1)]).map(({ score }) => score)).toEqual([1, 1]);
});

import { expect, it } from 'vitest';
import { pointsOf } from './points.ts';

it.each([
  ['tracepoint:sched:sched_switch, kretprobe:vfs_read { }', ['tracepoint:sched:sched_switch', 'kprobe:vfs_read']],
  ['fentry:xfs:xfs_file_open { } kfunc:vmlinux:vfs_open { }', ['kprobe:xfs_file_open', 'kprobe:vfs_open']],
  ['SEC("tp/syscalls/sys_enter_openat") int a; SEC("fexit/tcp_close") int b;', ['tracepoint:syscalls:sys_enter_openat', 'kprobe:tcp_close']],
  ['SEC("tp_btf/sched_wakeup") SEC("lsm/file_open") SEC("ksyscall/kill")', ['rawtracepoint:sched_wakeup', 'kprobe:security_file_open', 'tracepoint:syscalls:sys_enter_kill']],
  ['profile:hz:49 { @[kstack] = count(); }', ['profile:hz:99']],
  ['interval:s:1 { print(@); } uprobe:/bin/bash:readline { }', []],
])('%s', (program, points) => {
  expect([...pointsOf(program)]).toEqual(points);
});

import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.test-support.ts';

describe('starts kept by process', () => {
  it.each([
    'kprobe:vfs_read { «@start[pid]» = nsecs; } kretprobe:vfs_read /@start[pid]/ { @ = hist(nsecs - @start[pid]); delete(@start[pid]); }',
    'tracepoint:syscalls:sys_enter_read { «@s[pid]» = nsecs; } tracepoint:syscalls:sys_exit_read /@s[pid]/ { print(nsecs - @s[pid]); delete(@s[pid]); }',
    'uprobe:libc:malloc { «@s[pid]» = nsecs; } uretprobe:libc:malloc /@s[pid]/ { print(nsecs - @s[pid]); delete(@s[pid]); }',
    // What is the same for all threads tells none of them apart.
    'kprobe:vfs_read { «@start[comm, pid]» = nsecs; } kretprobe:vfs_read /@start[comm, pid]/ { @ = hist(nsecs - @start[comm, pid]); delete(@start[comm, pid]); }',
  ])('%s', (source) => {
    expectLint('pid-keyed-start', source);
  });
  it.each([
    'kprobe:vfs_read { @start[pid, tid] = nsecs; } kretprobe:vfs_read /@start[pid, tid]/ { @ = hist(nsecs - @start[pid, tid]); delete(@start[pid, tid]); }',
    'kprobe:vfs_read { @start[pid, arg0] = nsecs; } kretprobe:vfs_read /@start[pid, 5]/ { @ = hist(nsecs - @start[pid, 5]); delete(@start[pid, 5]); }',
    'kprobe:vfs_read { @start[tid] = nsecs; } kretprobe:vfs_read /@start[tid]/ { @ = hist(nsecs - @start[tid]); delete(@start[tid]); }',
    // The life of a process.
    'tracepoint:sched:sched_process_exec { @born[pid] = nsecs; } tracepoint:sched:sched_process_exit /@born[pid]/ { print(nsecs - @born[pid]); delete(@born[pid]); }',
    'kprobe:vfs_read { @last[pid] = nsecs; } interval:s:1 { print(@last); clear(@last); }',
  ])('%s', (source) => {
    expectLint('pid-keyed-start', source);
  });
  it('keys every use by thread', () => {
    const source = 'kprobe:vfs_read { «@start[pid]» = nsecs; } kretprobe:vfs_read /@start[pid]/ { @ = hist(nsecs - @start[pid]); delete(@start[pid]); }';
    expect(repaired(source.replaceAll(/[«»]/g, ''), expectLint('pid-keyed-start', source)[0])).not.toContain('[pid]');
  });
});

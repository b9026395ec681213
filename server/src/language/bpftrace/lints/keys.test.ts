import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.ts';

describe('maps written by one ID and read by another', () => {
  it.each([
    'kprobe:vfs_read { @start[tid] = nsecs; } kretprobe:vfs_read /@start[«pid»]/ { @ = hist(nsecs - @start[«pid»]); delete(@start[tid]); }',
    'tracepoint:syscalls:sys_enter_openat { @name[pid] = args.filename; } tracepoint:syscalls:sys_exit_openat /@name[«tid»]/ { print(str(@name[pid])); delete(@name[pid]); }',
    'kprobe:vfs_read { @n[tid]++; } kretprobe:vfs_read { if (has_key(@n, «pid»)) { delete(@n, tid); } }',
  ])('%s', (source) => {
    expectLint('mixed-keys', source);
  });
  it.each([
    'kprobe:vfs_read { @start[tid] = nsecs; } kretprobe:vfs_read /@start[tid]/ { @[pid] = hist(nsecs - @start[tid]); delete(@start[tid]); }',
    'kprobe:vfs_read { @a[pid] = nsecs; @b[tid] = nsecs; } kprobe:vfs_write { print(@a[pid]); print(@b[tid]); delete(@a[pid]); delete(@b[tid]); }',
    // By both on purpose.
    'kprobe:vfs_read { @a[pid] = 1; @a[tid] = 1; } kprobe:vfs_write /@a[tid]/ { delete(@a[tid]); }',
    'tracepoint:sched:sched_wakeup { @q[args.pid] = nsecs; } tracepoint:sched:sched_switch /@q[tid]/ { delete(@q[tid]); }',
  ])('%s', (source) => {
    expectLint('mixed-keys', source);
  });
  it('looks up by what was written', () => {
    const source = 'kprobe:vfs_read { @start[tid] = nsecs; } kretprobe:vfs_read { print(nsecs - @start[«pid»]); delete(@start[tid]); }';
    expect(repaired(source.replaceAll(/[«»]/g, ''), expectLint('mixed-keys', source)[0])).toContain('nsecs - @start[tid]');
  });
});

describe('starts kept by process', () => {
  it.each([
    'kprobe:vfs_read { «@start[pid]» = nsecs; } kretprobe:vfs_read /@start[pid]/ { @ = hist(nsecs - @start[pid]); delete(@start[pid]); }',
    'tracepoint:syscalls:sys_enter_read { «@s[pid]» = nsecs; } tracepoint:syscalls:sys_exit_read /@s[pid]/ { print(nsecs - @s[pid]); delete(@s[pid]); }',
    'uprobe:libc:malloc { «@s[pid]» = nsecs; } uretprobe:libc:malloc /@s[pid]/ { print(nsecs - @s[pid]); delete(@s[pid]); }',
  ])('%s', (source) => {
    expectLint('pid-keyed-start', source);
  });
  it.each([
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

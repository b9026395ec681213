import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.test-support.ts';

describe('maps written by one ID and read by another', () => {
  it.each([
    'kprobe:vfs_read { @start[tid] = nsecs; } kretprobe:vfs_read /@start[«pid»]/ { @ = hist(nsecs - @start[«pid»]); delete(@start[tid]); }',
    'tracepoint:syscalls:sys_enter_openat { @name[pid] = args.filename; } tracepoint:syscalls:sys_exit_openat /@name[«tid»]/ { print(str(@name[pid])); delete(@name[pid]); }',
    'kprobe:vfs_read { @n[tid]++; } kretprobe:vfs_read { if (has_key(@n, «pid»)) { delete(@n, tid); } }',
    'fentry:vfs_fsync { $id = tid; @s[$id] = nsecs; } fexit:vfs_fsync { $id = pid; if (@s[«$id»]) { delete(@s[«$id»]); } }',
    'uprobe:/bin/bash:readline { @t[comm, tid] = nsecs; } uretprobe:/bin/bash:readline /@t[comm, «pid»]/ { delete(@t[comm, «pid»]); }',
  ])('%s', (source) => {
    expectLint('mixed-keys', source);
  });
  it.each([
    'kprobe:vfs_read { @start[tid] = nsecs; } kretprobe:vfs_read /@start[tid]/ { @[pid] = hist(nsecs - @start[tid]); delete(@start[tid]); }',
    'kprobe:vfs_read { @a[pid] = nsecs; @b[tid] = nsecs; } kprobe:vfs_write { print(@a[pid]); print(@b[tid]); delete(@a[pid]); delete(@b[tid]); }',
    // By both on purpose.
    'kprobe:vfs_read { @a[pid] = 1; @a[tid] = 1; } kprobe:vfs_write /@a[tid]/ { delete(@a[tid]); }',
    'tracepoint:sched:sched_wakeup { @q[args.pid] = nsecs; } tracepoint:sched:sched_switch /@q[tid]/ { delete(@q[tid]); }',
    'tracepoint:syscalls:sys_enter_openat { @n[pid, tid] = 1; } tracepoint:syscalls:sys_exit_openat /@n[pid, tid]/ { delete(@n[pid, tid]); }',
  ])('%s', (source) => {
    expectLint('mixed-keys', source);
  });
  it('looks up by what was written', () => {
    const source = 'kprobe:vfs_read { @start[tid] = nsecs; } kretprobe:vfs_read { print(nsecs - @start[«pid»]); delete(@start[tid]); }';
    expect(repaired(source.replaceAll(/[«»]/g, ''), expectLint('mixed-keys', source)[0])).toContain('nsecs - @start[tid]');
  });
  it('writes by thread where only the write is by process, and keeps the cast of a key', () => {
    const byProcess = 'kprobe:a { @s[pid] = nsecs; } kretprobe:a /@s[«tid»]/ { delete(@s[«tid»]); }';
    expect(repaired(byProcess.replaceAll(/[«»]/g, ''), expectLint('mixed-keys', byProcess)[0])).toBe('kprobe:a { @s[tid] = nsecs; } kretprobe:a /@s[tid]/ { delete(@s[tid]); }');
    const cast = 'kprobe:a { @s[(uint64)tid] = 1; } kretprobe:a { print(@s[(uint64)«pid»]); delete(@s[(uint64)tid]); }';
    expect(repaired(cast.replaceAll(/[«»]/g, ''), expectLint('mixed-keys', cast)[0])).toBe('kprobe:a { @s[(uint64)tid] = 1; } kretprobe:a { print(@s[(uint64)tid]); delete(@s[(uint64)tid]); }');
  });
});

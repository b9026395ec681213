import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.test-support.ts';

describe('entries that are never deleted', () => {
  it.each([
    'kprobe:vfs_read { «@start»[tid] = nsecs; } kretprobe:vfs_read /@start[tid]/ { @ = hist(nsecs - @start[tid]); }',
    'kprobe:vfs_read { «@file»[arg0] = comm; } kprobe:vfs_write { printf("%s\\n", @file[arg0]); }',
    'fentry:tcp_connect { «@who»[args.sk] = pid; } fentry:tcp_close { printf("%d\\n", @who[args.sk]); }',
    'tracepoint:syscalls:sys_enter_openat { «@name»[pid, tid] = args.filename; } tracepoint:syscalls:sys_exit_openat { printf("%s", str(@name[pid, tid])); }',
    'tracepoint:skb:consume_skb { «@seen»[args.skbaddr] = 1; } tracepoint:skb:kfree_skb /@seen[args.skbaddr]/ { @ = count(); }',
    'tracepoint:block:block_rq_issue { «@at»[args.dev, args.sector] = nsecs; } tracepoint:block:block_rq_complete { $t = @at[args.dev, args.sector]; if ($t) { @ = hist(nsecs - $t); } }',
    'kprobe:vfs_read { $id = tid; «@start»[$id] = nsecs; } kretprobe:vfs_read /@start[tid]/ { @ = hist(nsecs - @start[tid]); }',
  ])('%s', (source) => {
    expectLint('unbounded-map', source);
  });
  it.each([
    'kprobe:vfs_read { @start[tid] = nsecs; } kretprobe:vfs_read /@start[tid]/ { @ = hist(nsecs - @start[tid]); delete(@start[tid]); }',
    'kprobe:vfs_read { @start[tid] = nsecs; } kretprobe:vfs_read /@start[tid]/ { @ = hist(nsecs - @start[tid]); delete(@start, tid); }',
    'kprobe:vfs_read { @start[tid] = nsecs; } kretprobe:vfs_read { @ = hist(nsecs - @start[tid]); } interval:s:10 { clear(@start); }',
    // Results, not memory.
    'kprobe:vfs_read { @reads[pid] = count(); @bytes[pid, comm] = sum(arg2); @last[pid] = nsecs; }',
    // As many as there are CPUs, or names of system calls.
    'kprobe:vfs_read { @on[cpu] = nsecs; } kprobe:vfs_write { print(nsecs - @on[cpu]); }',
    'let @start = lruhash(1000); kprobe:vfs_read { @start[tid] = nsecs; } kretprobe:vfs_read /@start[tid]/ { @ = hist(nsecs - @start[tid]); }',
    'macro forget(@m) { delete(@m, tid) } kprobe:vfs_read { @start[tid] = nsecs; } kretprobe:vfs_read { @ = hist(nsecs - @start[tid]); forget(@start); }',
    'tracepoint:skb:consume_skb { @seen[args.skbaddr] = 1; } tracepoint:skb:kfree_skb /@seen[args.skbaddr]/ { @ = count(); } interval:s:10 { clear(@seen); }',
  ])('%s', (source) => {
    expectLint('unbounded-map', source);
  });
  it('deletes where the call ends', () => {
    const entry = 'kprobe:vfs_read { «@start»[tid] = nsecs; }\n';
    const fix = (end: string): string => repaired((entry + end).replaceAll(/[«»]/g, ''), expectLint('unbounded-map', entry + end)[0]).split('kretprobe').at(-1) ?? '';
    expect(fix('kretprobe:vfs_read /@start[tid]/ { @ = hist(nsecs - @start[tid]); }')).toBe(':vfs_read /@start[tid]/ { @ = hist(nsecs - @start[tid]); delete(@start[tid]); }');
    expect(fix('kretprobe:vfs_read\n/@start[tid]/\n{\n\t@ = hist(nsecs - @start[tid])\n}')).toBe(':vfs_read\n/@start[tid]/\n{\n\t@ = hist(nsecs - @start[tid]);\n\tdelete(@start[tid]);\n}');
    // It may be needed again: then it is the map that has to forget.
    expect(expectLint('unbounded-map', `${entry}kprobe:vfs_write { print(@start[tid]); }`)[0]?.repairs.map((r) => r.title)).toEqual(['Let @start drop its oldest entries']);
  });
});

import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.test-support.ts';

describe('errors in totals and histograms', () => {
  it.each([
    'kretprobe:vfs_read { @bytes = hist(«retval»); }',
    'kretprobe:vfs_write /pid == 42/ { @[comm] = sum(«retval»); }',
    'tracepoint:syscalls:sys_exit_read { @bytes[comm] = sum(«args.ret»); }',
    'kretprobe:tcp_sendmsg { @max = max(«retval»); }',
    'kretprobe:tcp_sendmsg { @[«retval»] = count(); }',
    'kretprobe:vfs_read { @results[comm, «retval»]++; }',
  ])('%s', (source) => {
    expectLint('signed-return', source);
  });
  it.each([
    'kretprobe:vfs_read { @bytes = hist((int64)retval); }',
    'kretprobe:tcp_sendmsg { @[(int32)retval] = count(); }',
    'kretprobe:inet_csk_accept { @[retval] = count(); }',
    'kretprobe:tcp_sendmsg { @seen[retval] = 1; }',
    'kretprobe:vfs_read /(int64)retval > 0/ { @bytes = hist(retval); }',
    'tracepoint:syscalls:sys_exit_read /args.ret > 0/ { @bytes = sum(args.ret); }',
    // Signed: errors have a bucket of their own.
    'tracepoint:syscalls:sys_exit_read { @bytes = hist(args.ret); }',
    'uretprobe:libc:strlen { @ = hist(retval); }',
    'fexit:vfs_read { @bytes = hist(retval); }',
    'kretprobe:vfs_read { $r = retval; if ($r < 4096) { @bytes = sum(retval); } }',
  ])('%s', (source) => {
    expectLint('signed-return', source);
  });
  it('leaves failed calls out', () => {
    const source = 'kretprobe:vfs_read { @bytes = hist(retval); }';
    expect(repaired(source, expectLint('signed-return', source.replace('(retval)', '(«retval»)'))[0])).toBe('kretprobe:vfs_read /(int64)retval >= 0/ { @bytes = hist(retval); }');
  });
});

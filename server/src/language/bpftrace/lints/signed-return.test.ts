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
    'fexit:vfs_write { $n = retval; @total = sum(«$n»); }',
    'tracepoint:syscalls:sys_exit_recvfrom /comm == "nginx"/ { $len = (uint64)args.ret; @ = lhist(«$len», 0, 65536, 4096); }',
    'uretprobe:/lib/x86_64-linux-gnu/libc.so.6:read { @avg[pid] = avg(«retval»); }',
    'kretprobe:tcp_sendmsg { @ = stats(«(uint32)retval / 1024»); }',
    'kretprobe:vfs_read /retval != 0/ { @ = hist(«retval»); }',
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
    'fexit:vfs_write { $n = retval; if ($n > 0) { @total = sum($n); } }',
    'tracepoint:syscalls:sys_exit_recvfrom { $len = args.ret > 0 ? args.ret : 0; @ = sum($len); }',
    'tracepoint:syscalls:sys_exit_write { if (args.ret < 0) { return; } @ = sum(args.ret); }',
  ])('%s', (source) => {
    expectLint('signed-return', source);
  });
  it('leaves failed calls out', () => {
    const source = 'kretprobe:vfs_read { @bytes = hist(retval); }';
    expect(repaired(source, expectLint('signed-return', source.replace('(retval)', '(«retval»)'))[0])).toBe('kretprobe:vfs_read /(int64)retval >= 0/ { @bytes = hist(retval); }');
  });
});

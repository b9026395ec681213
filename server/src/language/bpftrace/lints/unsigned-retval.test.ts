import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.test-support.ts';

describe('signs of the untyped retval', () => {
  it.each([
    'kretprobe:vfs_read /«retval» < 0/ { @errors = count(); }',
    'kretprobe:do_sys_openat2 { if («retval» >= 0) { @ok = count(); } }',
    'uretprobe:libc:open { if (0 > «retval») { @errors = count(); } }',
    'kretprobe:vfs_read /«retval» > 0/ { @ok = count(); }',
  ])('%s', (source) => {
    expectLint('unsigned-retval', source);
  });
  it.each([
    'kretprobe:vfs_read /(int64)retval < 0/ { @errors = count(); }',
    'kretprobe:do_sys_openat2 { if ((int32)retval >= 0) { @ok = count(); } }',
    'fexit:vfs_read /retval < 0/ { @errors = count(); }',
    'kretprobe:vfs_read /retval == 0/ { @eof = count(); }',
    // A pointer.
    'kretprobe:inet_csk_accept /retval > 0/ { @ = count(); }',
    'uretprobe:libc:malloc /retval > 0/ { @ = count(); }',
  ])('%s', (source) => {
    expectLint('unsigned-retval', source);
  });
  it('knows how versions compare with a negative number', () => {
    // Newer ones do it as int64: right for vfs_read, wrong for tcp_sendmsg, which returns an int.
    expectLint('unsigned-retval', 'kretprobe:vfs_read /retval <= -11/ { @ = count(); }', [0, 27]);
    expectLint('unsigned-retval', 'kretprobe:vfs_read /«retval» <= -11/ { @ = count(); }', [0, 17]);
    expectLint('unsigned-retval', 'kretprobe:tcp_sendmsg /«retval» <= -11/ { @ = count(); }', [0, 27]);
  });
  it('casts to the width the function returns', () => {
    const source = 'kretprobe:ksys_read /«retval» < 0/ { @errors = count(); }';
    expect(repaired(source.replaceAll(/[«»]/g, ''), expectLint('unsigned-retval', source)[0])).toContain('/(int64)retval < 0/');
    const narrow = 'kretprobe:tcp_sendmsg /«retval» < 0/ { @errors = count(); }';
    expect(repaired(narrow.replaceAll(/[«»]/g, ''), expectLint('unsigned-retval', narrow)[0])).toContain('/(int32)retval < 0/');
  });
});

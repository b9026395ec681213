import { describe, expect, it } from 'vitest';
import { expectLint } from './expect.test-support.ts';

describe('arguments that a function does not have', () => {
  it.each([
    'kprobe:vfs_read { @ = hist(«arg4»); }',
    'kprobe:tcp_connect { printf("%d\\n", «arg1»); }',
    'kprobe:tcp_connect, kprobe:tcp_close { @[«arg2»] = count(); }',
  ])('%s', (source) => {
    expectLint('missing-argument', source);
  });
  it.each([
    'kprobe:vfs_read { @ = hist(arg3); }',
    'kprobe:tcp_connect, kprobe:vfs_read { @[arg3] = count(); }',
    'kprobe:no_such_function { @[arg5] = count(); }',
    'kprobe:vfs_read+4 { @[arg5] = count(); }',
    'uprobe:libc:malloc { @[arg5] = count(); }',
  ])('%s', (source) => {
    expectLint('missing-argument', source);
  });
  it('names those it has', () => {
    expect(expectLint('missing-argument', 'kprobe:vfs_read { @ = hist(«arg4»); }')[0]?.evidence[0]?.message).toContain('file, buf, count, pos');
  });
});

import { describe, it } from 'vitest';
import { expectLint } from './expect.test-support.ts';

describe('what functions without a result return', () => {
  it.each([
    'kretprobe:tcp_close { @[«retval»] = count(); }',
    'kretprobe:submit_bio { printf("%d\\n", «retval»); }',
    'kretprobe:tcp_close, kretprobe:submit_bio /«retval» == 1/ { @ = count(); }',
  ])('%s', (source) => {
    expectLint('void-retval', source);
  });
  it.each(['kretprobe:tcp_close { @ = count(); }', 'kretprobe:vfs_read { @[retval] = count(); }', 'kretprobe:tcp_close, kretprobe:vfs_read { @[retval] = count(); }', 'uretprobe:libc:free { @[retval] = count(); }'])('%s', (source) => {
    expectLint('void-retval', source);
  });
});

import { expect, it } from 'vitest';
import { clangdText } from './clangd.ts';

it('compiles for BPF with the registers of the target, and only BPF C', () => {
  const text = clangdText('/home/me/my "folder"', { arch: 'aarch64', label: 'board (6.6.1)' });
  expect(text).toContain('PathMatch: .*\\.bpf\\.[ch]');
  expect(text).toContain('Add: ["--target=bpf", "-g", "-O2", "-Wall", "-D__TARGET_ARCH_arm64", "-I/home/me/my \\"folder\\"", "-I/usr/include/aarch64-linux-gnu"]');
  expect(text).toMatch(/^# BPF C, for the kernel of board \(6\.6\.1\)\./);
  expect(clangdText('/x', { arch: 's390x', label: 'z' })).toContain('"--target=bpfeb"');
});

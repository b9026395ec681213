import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.test-support.ts';

describe('arguments of system call wrappers', () => {
  it.each([
    'kprobe:__x64_sys_openat { printf("%s\\n", str(«arg1»)); }',
    'kprobe:__x64_sys_read /«arg2» > 4096/ { @ = count(); }',
    'kprobe:__x64_sys_kill, kprobe:__x64_sys_tkill { @[«arg1»] = count(); }',
  ])('%s', (source) => {
    expectLint('syscall-wrapper', source);
  });
  it.each([
    'kprobe:__x64_sys_openat { $r = (struct pt_regs *)arg0; printf("%s\\n", str(uptr($r->si))); }',
    'kprobe:ksys_read { @ = hist(arg2); }',
    'kprobe:__x64_sys_openat { @ = count(); }',
    'kretprobe:__x64_sys_openat { @ = count(); }',
  ])('%s', (source) => {
    expectLint('syscall-wrapper', source);
  });
  it('reads the register', () => {
    const source = 'kprobe:__x64_sys_read /«arg2» > 4096/ { @ = count(); }';
    expect(repaired(source.replaceAll(/[«»]/g, ''), expectLint('syscall-wrapper', source)[0])).toContain('/((struct pt_regs *)arg0)->dx > 4096/');
  });
});

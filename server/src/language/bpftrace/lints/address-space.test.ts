import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.test-support.ts';

describe('text read in the wrong memory', () => {
  it.each([
    'kprobe:do_sys_openat2 { printf("%s\\n", str(«arg1»)); }',
    'fentry:do_sys_openat2 { printf("%s\\n", str(«args.filename»)); }',
    'kprobe:vfs_write { printf("%r\\n", buf(«arg1», 16)); }',
    'fentry:do_filp_open { printf("%s\\n", str(«args.pathname->uptr»)); }',
    'fentry:do_filp_open { printf("%s\\n", str(«uptr(args.pathname->name)»)); }',
    'tracepoint:syscalls:sys_enter_openat { printf("%s\\n", str(«kptr(args.filename)»)); }',
    'uprobe:/bin/bash:readline { printf("%s\\n", str(«kptr(arg0)»)); }',
    'kprobe:do_filp_open { $f = (struct filename *)arg1; $u = $f->uptr; @[str(«$u»)] = count(); }',
    'fentry:do_sys_openat2 { @fn[tid] = args.filename; } fexit:do_sys_openat2 /@fn[tid]/ { printf("%s", str(«@fn[tid]»)); delete(@fn[tid]); }',
  ])('%s', (source) => {
    expectLint('address-space', source);
  });
  it.each([
    'kprobe:do_sys_openat2 { printf("%s\\n", str(uptr(arg1))); }',
    'tracepoint:syscalls:sys_enter_openat { printf("%s\\n", str(args.filename)); }',
    'kprobe:vfs_open { printf("%s\\n", str(((struct path *)arg0)->dentry->d_name.name)); }',
    'fentry:do_filp_open { printf("%s\\n", str(args.pathname->name)); }',
    'uprobe:/bin/bash:readline { printf("%s\\n", str(arg0)); }',
    'kprobe:do_sys_openat2 { printf("%d\\n", arg1); }',
    'tracepoint:syscalls:sys_enter_execve { @f[tid] = args.filename; } tracepoint:syscalls:sys_exit_execve /@f[tid]/ { printf("%s", str(@f[tid])); delete(@f[tid]); }',
  ])('%s', (source) => {
    expectLint('address-space', source);
  });
  it('marks the pointer, or takes the mark away', () => {
    const unmarked = 'kprobe:do_sys_openat2 { printf("%s\\n", str(«arg1»)); }';
    expect(repaired(unmarked.replaceAll(/[«»]/g, ''), expectLint('address-space', unmarked)[0])).toContain('str(uptr(arg1))');
    const wrong = 'uprobe:/bin/bash:readline { printf("%s\\n", str(«kptr(arg0)»)); }';
    expect(repaired(wrong.replaceAll(/[«»]/g, ''), expectLint('address-space', wrong)[0])).toContain('str(arg0)');
  });
});

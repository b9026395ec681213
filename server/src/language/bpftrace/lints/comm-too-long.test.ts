import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.test-support.ts';

describe('names longer than the kernel keeps', () => {
  it.each([
    'kprobe:vfs_read /comm == «"systemd-journald"»/ { @ = count(); }',
    'kprobe:vfs_read { if («"NetworkManager-dispatcher"» != comm) { @ = count(); } }',
    'tracepoint:sched:sched_switch /args.next_comm == «"gnome-terminal-server"»/ { @ = count(); }',
  ])('%s', (source) => {
    expectLint('comm-too-long', source);
  });
  it.each([
    'kprobe:vfs_read /comm == "systemd-journal"/ { @ = count(); }',
    'kprobe:vfs_read /strncmp(comm, "systemd-journald", 15) == 0/ { @ = count(); }',
    'tracepoint:syscalls:sys_enter_openat /str(args.filename) == "/etc/ld.so.cache.long"/ { @ = count(); }',
  ])('%s', (source) => {
    expectLint('comm-too-long', source);
  });
  it('cuts the name', () => {
    const source = 'kprobe:vfs_read /comm == «"systemd-journald"»/ { @ = count(); }';
    expect(repaired(source.replaceAll(/[«»]/g, ''), expectLint('comm-too-long', source)[0])).toContain('/comm == "systemd-journal"/');
  });
});

import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.ts';

describe('percentages of integers', () => {
  it.each([
    'END { $hits = 5; $all = 9; printf("%d %%\\n", «$hits / $all * 100»); }',
    'kretprobe:vfs_read { @p = «(@hits / @all) * 100»; }',
    'interval:s:1 { print(«@busy / elapsed * 100»); }',
  ])('%s', (source) => {
    expectLint('percent-of-integers', source);
  });
  it.each([
    'END { $hits = 5; $all = 9; printf("%d %%\\n", $hits * 100 / $all); }',
    'END { $t = nsecs / 1000000 * 100; print($t); }',
    'END { $a = 3; $b = 2; print($a / $b); print($a * 100); }',
  ])('%s', (source) => {
    expectLint('percent-of-integers', source);
  });
  it('multiplies first', () => {
    const source = 'END { $hits = 5; $all = 9; print(«($hits + 1) / $all * 100»); }';
    expect(repaired(source.replaceAll(/[«»]/g, ''), expectLint('percent-of-integers', source)[0])).toContain('print(($hits + 1) * 100 / $all);');
  });
});

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

describe('durations made into dates', () => {
  const start = 'kprobe:vfs_read { @s[tid] = nsecs; } kretprobe:vfs_read /@s[tid]/ ';
  it.each([
    `${start}{ printf("%s", strftime("%H:%M:%S", «nsecs - @s[tid]»)); delete(@s[tid]); }`,
    `${start}{ print(strftime("%S", «(nsecs - @s[tid])»)); delete(@s[tid]); }`,
    'BEGIN { @b = nsecs; } END { print(strftime("%M:%S", «nsecs - @b»)); }',
  ])('%s', (source) => {
    expectLint('duration-as-date', source);
  });
  it.each([
    `${start}{ printf("%s", strftime("%H:%M:%S", nsecs)); delete(@s[tid]); }`,
    `${start}{ printf("%s", strftime("%H:%M:%S", @s[tid])); delete(@s[tid]); }`,
    // A moment a fixed time ago.
    'interval:s:5 { print(strftime("%H:%M:%S", nsecs - 5000000000)); }',
  ])('%s', (source) => {
    expectLint('duration-as-date', source);
  });
});

import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.test-support.ts';

const ENTRY = 'kprobe:vfs_read { @start[tid] = nsecs; @name[tid] = arg1; } ';

describe('start times read without asking whether they are there', () => {
  it.each([
    `${ENTRY}kretprobe:vfs_read { @ = hist(nsecs - «@start[tid]»); delete(@start[tid]); }`,
    `${ENTRY}kretprobe:vfs_read /pid == 42/ { printf("%d\\n", nsecs - «@start[tid]»); delete(@start[tid]); }`,
    `${ENTRY}kretprobe:vfs_read { $s = «@start[tid]»; @ = hist((nsecs - $s) / 1000); delete(@start[tid]); }`,
    `${ENTRY}kretprobe:vfs_read { $d = (int64)nsecs - (int64)«@start[tid]»; @ = hist($d); delete(@start[tid]); }`,
    'tracepoint:syscalls:sys_enter_read { @s[tid, pid] = nsecs; } tracepoint:syscalls:sys_exit_read { @ = sum(nsecs - «@s[tid, pid]»); delete(@s[tid, pid]); }',
    'uprobe:/bin/bash:readline { $t = nsecs; @t0[pid, tid] = $t; } uretprobe:/bin/bash:readline { $now = nsecs; $then = «@t0[pid, tid]»; @ = hist($now - $then); delete(@t0[pid, tid]); }',
  ])('%s', (source) => {
    expectLint('unchecked-start', source);
  });
  it.each([
    `${ENTRY}kretprobe:vfs_read /@start[tid]/ { @ = hist(nsecs - @start[tid]); delete(@start[tid]); }`,
    `${ENTRY}kretprobe:vfs_read /has_key(@start, tid)/ { @ = hist(nsecs - @start[tid]); delete(@start, tid); }`,
    `${ENTRY}kretprobe:vfs_read { $s = @start[tid]; if ($s > 0) { @ = hist(nsecs - $s); } delete(@start[tid]); }`,
    `${ENTRY}kretprobe:vfs_read { if (@start[tid] == 0) { return; } @ = hist(nsecs - @start[tid]); delete(@start[tid]); }`,
    // Written together with the start.
    `${ENTRY}kretprobe:vfs_read /@name[tid]/ { @ = hist(nsecs - @start[tid]); delete(@start[tid]); delete(@name[tid]); }`,
    // Asked for under the same key.
    `${ENTRY}kprobe:ksys_read { @on[tid] = 1; } kretprobe:vfs_read /@on[tid]/ { @ = hist(nsecs - @start[tid]); delete(@start[tid]); }`,
    'BEGIN { @t["all"] = nsecs; } END { printf("%d", nsecs - @t["all"]); }',
    // Not by key: set once at the beginning.
    'BEGIN { @began = nsecs; } END { printf("%d", nsecs - @began); }',
    `${ENTRY}kretprobe:vfs_read { $d = nsecs - @start[tid]; if ($d < 1000000000) { @ = hist($d); } delete(@start[tid]); }`,
    'uprobe:/bin/bash:readline { @t0[tid] = nsecs; } uretprobe:/bin/bash:readline { $now = nsecs; $then = @t0[tid]; if ($then == 0) { return; } @ = hist($now - $then); delete(@t0[tid]); }',
  ])('%s', (source) => {
    expectLint('unchecked-start', source);
  });
  it('adds a predicate, or widens the one there is', () => {
    const bare = `${ENTRY}kretprobe:vfs_read { @ = hist(nsecs - «@start[tid]»); delete(@start[tid]); }`;
    expect(repaired(bare.replaceAll(/[«»]/g, ''), expectLint('unchecked-start', bare)[0])).toContain('kretprobe:vfs_read /@start[tid]/ {');
    const some = `${ENTRY}kretprobe:vfs_read /pid == 42/ { @ = hist(nsecs - «@start[tid]»); delete(@start[tid]); }`;
    expect(repaired(some.replaceAll(/[«»]/g, ''), expectLint('unchecked-start', some)[0])).toContain('kretprobe:vfs_read /@start[tid] && (pid == 42)/ {');
  });
});

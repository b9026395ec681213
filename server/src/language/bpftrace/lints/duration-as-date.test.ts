import { describe, it } from 'vitest';
import { expectLint } from './expect.test-support.ts';

describe('durations made into dates', () => {
  const start = 'kprobe:vfs_read { @s[tid] = nsecs; } kretprobe:vfs_read /@s[tid]/ ';
  it.each([
    `${start}{ printf("%s", strftime("%H:%M:%S", «nsecs - @s[tid]»)); delete(@s[tid]); }`,
    `${start}{ print(strftime("%S", «(nsecs - @s[tid])»)); delete(@s[tid]); }`,
    `${start}{ $d = nsecs - @s[tid]; printf("%s", strftime("%H:%M:%S", «$d»)); delete(@s[tid]); }`,
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

import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.test-support.ts';

const START = 'kprobe:vfs_read { @start[tid] = nsecs; } kretprobe:vfs_read /@start[tid]/ ';

describe('nanoseconds under the name of another unit', () => {
  it.each([
    `${START}{ printf("%d ms\\n", «nsecs - @start[tid]»); }`,
    `${START}{ printf("%dms\\n", «(nsecs - @start[tid]) / 1000»); }`,
    `${START}{ @us = hist(«nsecs - @start[tid]»); }`,
    `${START}{ @latency_ms[comm] = sum(«(nsecs - @start[tid]) / 1000»); }`,
    `${START}{ $ns = nsecs - @start[tid]; @usecs = hist(«$ns»); }`,
    `${START}{ $d = (nsecs - @start[tid]) / 1e6; printf("took %d us (%s)\\n", «$d», comm); }`,
    'END { printf("%d seconds\\n", «elapsed / 1000000»); }',
    'tracepoint:sched:sched_stat_runtime { printf("%s ran %llu us", args.comm, «args.runtime»); }',
    'kprobe:vfs_read { @s[tid] = nsecs; } kretprobe:vfs_read /@s[tid]/ { @dur[tid] = nsecs - @s[tid]; printf("%8d(us)", «@dur[tid]»); delete(@dur[tid]); delete(@s[tid]); }',
    '#define NS_PER_US 1000\nkprobe:vfs_read { $d = (nsecs - @s[tid]) / NS_PER_US; printf("%d ms", «$d»); @s[tid] = nsecs; }',
    'kretprobe:vfs_read { $ms = «(nsecs - @s[tid]) / 1000»; printf("%d ms", $ms); @s[tid] = nsecs; }',
    'fexit:vfs_read { let $dur_us = «nsecs - @s[tid]»; @[comm] = max($dur_us); @s[tid] = nsecs; }',
  ])('%s', (source) => {
    expectLint('time-unit', source);
  });
  it.each([
    `${START}{ printf("%d ms\\n", (nsecs - @start[tid]) / 1000000); }`,
    `${START}{ printf("%d us\\n", (nsecs - @start[tid]) / (1000 * 1)); }`,
    `${START}{ @us = hist((nsecs - @start[tid]) / 1000); @ns = sum(nsecs - @start[tid]); }`,
    // Scaled when printed.
    `${START}{ @ms = sum(nsecs - @start[tid]); } END { print(@ms, 0, 1000000); }`,
    `${START}{ $latms = (nsecs - @start[tid]) / 1ms; printf("%d ms", $latms); }`,
    `${START}{ $t = nsecs - @start[tid]; $t = $t / 1000; @usecs = hist($t); }`,
    // "files" and "status" are no units, nor is what comes after another word.
    `${START}{ @files = sum(nsecs - @start[tid]); @status = max(nsecs - @start[tid]); printf("%d spent in ms\\n", nsecs - @start[tid]); }`,
    `${START}{ printf("%d.%03d s\\n", (nsecs - @start[tid]) / 1000000000, (nsecs - @start[tid]) % 1000); }`,
    'tracepoint:sched:sched_stat_runtime { @us[args.comm] = sum(args.runtime / 1000); @ns = hist(args.runtime); }',
    'kretprobe:vfs_read { $us = (nsecs - @s[tid]) / 1000; printf("%d.%03d ms", $us / 1000, $us % 1000); @s[tid] = nsecs; }',
    'fexit:vfs_read { let $dur_us = (nsecs - @s[tid]) / 1000; @[comm] = max($dur_us); @s[tid] = nsecs; }',
  ])('%s', (source) => {
    expectLint('time-unit', source);
  });
  it('divides', () => {
    const source = `${START}{ printf("%d ms\\n", nsecs - @start[tid]); }`;
    const folded = `${START}{ @us = hist(nsecs - @start[tid]); }`;
    expect(repaired(folded, expectLint('time-unit', folded.replace('(nsecs - @start[tid])', '(«nsecs - @start[tid]»)'))[0])).toContain('hist((nsecs - @start[tid]) / 1000);');
    expect(repaired(source, expectLint('time-unit', source.replace('nsecs - @start[tid]);', '«nsecs - @start[tid]»);'))[0])).toBe(`${START}{ printf("%d ms\\n", (nsecs - @start[tid]) / 1000000); }`);
  });
  it.each([
    ['$x_ms = «(nsecs - @s[tid]) / 1000»;', '$x_ms = (nsecs - @s[tid]) / 1000000;'],
    ['$d = (nsecs - @s[tid]) / 1000; printf("%d ms", «$d»);', '$d = (nsecs - @s[tid]) / 1000; printf("%d ms", $d / 1000);'],
  ])('divides by what is missing: %s', (body, fixed) => {
    const around = (text: string): string => `fexit:vfs_read { ${text} @s[tid] = nsecs; }`;
    expect(repaired(around(body).replaceAll(/[«»]/g, ''), expectLint('time-unit', around(body))[0])).toBe(around(fixed));
  });
});

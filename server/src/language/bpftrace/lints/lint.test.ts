import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judge, lintText, repaired } from './expect.test-support.ts';
import type { Version } from '../../../base/version.ts';
import { bpftraceWouldSay, forecastCodes } from '../analysis/codes.ts';
import { parse } from '../../../../test/support/marked.ts';
import { allFaults } from '../syntax/all-faults.ts';
import { explainedCodes } from './lint.ts';

/** The two programs of a page; none on those about BPF C. */
function programs(code: string): readonly string[] {
  return [...readFileSync(`docs/findings/${code}.md`, 'utf8').matchAll(/```bpftrace\n([^]*?)```/g)].map((m) => m[1] ?? '');
}

const pages = readdirSync('docs/findings').map((name) => name.replace(/\.md$/, '')).filter((code) => programs(code).length > 0);

/** By which bpftrace what a page calls wrong is wrong. */
const VERSIONS: Readonly<Record<string, Version>> = { 'data-loc-string': [0, 23], 'needs-newer-bpftrace': [0, 17], 'not-traceable': [0, 23] };

describe('the pages that explain findings', () => {
  it.each(pages)('%s: wrong is found, right is not', (code) => {
    const [wrong = '', right = ''] = programs(code);
    const version = VERSIONS[code] ?? [0, 27];
    const found = (text: string): string[] => (bpftraceWouldSay(code) ? [...allFaults(parse(text)), ...judge(text, version)] : lintText(text, version)).map((p) => p.code);
    // The grammar says it before.
    expect(found(wrong)).toContain(code === 'not-assignable' ? 'syntax-error' : code);
    expect(found(right).filter((each) => each === code || bpftraceWouldSay(each))).toEqual([]);
  });
  it('exist for every code', () => {
    const [forecasts, beyond] = [pages.filter(bpftraceWouldSay), pages.filter((code) => !bpftraceWouldSay(code))];
    expect(beyond.toSorted()).toEqual([...explainedCodes].toSorted());
    expect(forecasts.toSorted()).toEqual([...forecastCodes].toSorted());
  });
});

describe('all lints together', () => {
  it('come in the order of the text', () => {
    const found = lintText('kprobe:vfs_read { @s[pid] = nsecs; } kretprobe:vfs_read { @us = hist(nsecs - @s[pid]); @b = hist(retval); }');
    expect(found.map((p) => p.code)).toEqual(['unbounded-map', 'pid-keyed-start', 'time-unit', 'unchecked-start', 'signed-return']);
  });
  it.each(['', 'kprobe:', 'kretprobe:vfs_read /retval <', 'kprobe:vfs_read { @s[', 'BEGIN { printf("%d', 'tracepoint:a:b { @x = hist(nsecs - @y[', '}}}{{{ @ $ arg0'])('say nothing wrong of half-typed text: %s', (text) => {
    expect(() => lintText(text)).not.toThrow();
  });
});

describe('repairs', () => {
  const codes = (text: string): string[] => judge(text).map((p) => p.code).toSorted();

  it.each([
    'fentry:tcp_connect { printf("%d\\n", args.sk->__sk_common.skc_dport); }',
    'fentry:tcp_v4_connect { printf("%d\\n", args.sk->__sk_common.skc_daddr); }',
    'kprobe:vfs_read { @s[tid] = nsecs; } kretprobe:vfs_read { @ = hist(nsecs - @s[tid]); delete(@s[tid]); }',
    'kprobe:vfs_read { @s[tid] = nsecs; } kretprobe:vfs_read /@s[tid]/ { printf("%d ms", nsecs - @s[tid]); delete(@s[tid]); }',
    'kretprobe:vfs_read { @bytes = hist(retval); }',
    'kretprobe:vfs_read /retval < 0/ { @errors = count(); }',
    'kprobe:do_sys_openat2 { printf("%s\\n", str(arg1)); }',
    'kprobe:vfs_read { @s[pid] = nsecs; } kretprobe:vfs_read /@s[pid]/ { @ = hist(nsecs - @s[pid]); delete(@s[pid]); }',
    'kprobe:_do_fork { @ = count(); }',
    'kprobe:__x64_sys_read /arg2 > 4096/ { @ = count(); }',
    'END { $a = 1; $b = 2; print($a / $b * 100); }',
    'kprobe:vfs_read /comm == "systemd-journald"/ { @ = count(); }',
  ])('solve what they are offered for, and bring nothing else: %s', (text) => {
    const found = lintText(text).filter((p) => p.repairs.length > 0);
    expect(found.length).toBeGreaterThan(0);
    for (const p of found) {
      const left = codes(text);
      left.splice(left.indexOf(p.code), 1);
      for (const code of codes(repaired(text, p))) expect(left, `${code} after: ${p.repairs[0]?.title ?? ''}`).toContain(code);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { parser } from '../../test/support/parser.ts';
import type { Language } from '../checks/program.ts';
import type { Document } from '../language/bpftrace/syntax/document.ts';
import { parseDocument } from '../language/bpftrace/syntax/parse.ts';
import { needsUnsafe, planRun } from './plan.ts';

const parsed = (language: Language, text: string): Document | undefined => (language === 'bpftrace' ? parseDocument(parser, text) : undefined);
const plan = (language: Language, text: string, target = 'local') => planRun({ uri: 'file:///x', version: 1, language, text }, parsed(language, text), target);

describe('what a run can do', () => {
  it.each([
    ['bpftrace', 'tracepoint:sched:sched_process_exec { printf("system(ls)"); /* signal(9) */ }', []],
    ['bpftrace', 'tracepoint:sched:sched_process_exec { system("ls"); }', ['system()']],
    ['bpftrace', 'kprobe:f { signal("KILL"); override(1); }', ['signal()', 'override()']],
    ['bpftrace', 'tracepoint:raw_syscalls:sys_enter { @ = count(); }', ['fires very often']],
    ['c', 'SEC("xdp") int f(void *c) { return XDP_DROP; }', ['drops network packets']],
    ['c', 'SEC("tp/sched/sched_switch") int f(void *c) { return 0; } // XDP_DROP', ['fires very often']],
    ['c', 'SEC("lsm/file_open") int f(void *c) { return 0; }', ['can refuse operations']],
  ] as const)('%s: %s', (language, text, powers) => {
    const found = plan(language, text).powers;
    expect(found).toHaveLength(powers.length);
    powers.forEach((power, i) => expect(found[i]).toContain(power));
  });
  it('names what it attaches to', () => {
    expect(plan('bpftrace', 'kprobe:a,kprobe:b { } END { }', 'vm')).toMatchObject({ target: 'vm', attachPoints: ['kprobe:a', 'kprobe:b', 'END'] });
    expect(plan('c', 'SEC("kprobe/tcp_connect") int f() {} char L[] SEC("license") = "GPL"; int m SEC(".maps");', 'vm').attachPoints).toEqual(['kprobe/tcp_connect']);
  });
  it('only real calls need --unsafe', () => {
    expect(needsUnsafe(parsed('bpftrace', 'BEGIN { print("system(x)"); } // signal(1)'))).toBe(false);
    expect(needsUnsafe(parsed('bpftrace', 'BEGIN { system ("x"); }'))).toBe(true);
  });
});

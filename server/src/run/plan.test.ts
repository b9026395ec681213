import { describe, expect, it } from 'vitest';
import type { Language } from '../checks/program.ts';
import { needsUnsafe, planRun } from './plan.ts';

const program = (language: Language, text: string) => ({ uri: 'file:///x', version: 1, language, text });

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
    const found = planRun(program(language, text), 'local').powers;
    expect(found).toHaveLength(powers.length);
    powers.forEach((power, i) => expect(found[i]).toContain(power));
  });
  it('names what it attaches to', () => {
    expect(planRun(program('bpftrace', 'kprobe:a,kprobe:b { } END { }'), 'vm')).toMatchObject({ target: 'vm', attachPoints: ['kprobe:a', 'kprobe:b', 'END'] });
    expect(planRun(program('c', 'SEC("kprobe/tcp_connect") int f() {} char L[] SEC("license") = "GPL"; int m SEC(".maps");'), 'vm').attachPoints).toEqual(['kprobe/tcp_connect']);
  });
  it('only real calls need --unsafe', () => {
    expect(needsUnsafe(program('bpftrace', 'BEGIN { print("system(x)"); } // signal(1)'))).toBe(false);
    expect(needsUnsafe(program('bpftrace', 'BEGIN { system ("x"); }'))).toBe(true);
  });
});

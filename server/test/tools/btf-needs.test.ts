import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/error.ts';
import { describeNeed } from '../../src/kernel/compare/need.ts';
import { objectNeeds } from '../../src/kernel/compare/object/needs.ts';
import { compareNeeds } from '../../src/kernel/compare/compare.ts';
import { runAtOnce } from '../../src/kernel/turns.ts';
import { objectForBpf } from '../support/clang.ts';
import { damage } from '../support/damage.ts';
import { bundled } from '../support/inventory.ts';

const steps = bundled.vmlinuxHeader();
const vmlinux = steps ? runAtOnce(steps) : '';
const libbpf = Object.fromEntries(['helpers', 'helper_defs', 'core_read', 'tracing'].map((name) => [`bpf/bpf_${name}.h`, readFileSync(`/usr/include/bpf/bpf_${name}.h`, 'utf8')]));

function compiled(program: string): Uint8Array {
  const head = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\n#include <bpf/bpf_core_read.h>\n#include <bpf/bpf_tracing.h>\nchar LICENSE[] SEC("license") = "GPL";\n';
  return objectForBpf(`${head}${program}`, { ...libbpf, 'vmlinux.h': vmlinux });
}

const needs = (program: string): string[] => objectNeeds(compiled(program), bundled.types).map(describeNeed).toSorted();

describe('what a compiled program needs', () => {
  it('attach points and helpers', () => {
    expect(needs('SEC("tracepoint/sched/sched_switch") int f(void *ctx) { return bpf_get_current_pid_tgid() + bpf_ktime_get_ns(); }\nSEC("fexit/vfs_read") int g(void *ctx) { return 0; }\nSEC("?kprobe/not_loaded") int h(void *ctx) { return 0; }')).toEqual([
      'fexit:vfs_read', 'helper bpf_get_current_pid_tgid in programs of type tracepoint', 'helper bpf_ktime_get_ns in programs of type tracepoint', 'tracepoint:sched:sched_switch',
    ]);
  });
  it('fields by their names, also in arrays and in members without a name', () => {
    expect(needs('SEC("kprobe/tcp_connect") int BPF_KPROBE(f, struct sock *sk) { struct task_struct *t = (void *)bpf_get_current_task(); return BPF_CORE_READ(sk, __sk_common.skc_dport) + BPF_CORE_READ(t, restart_block.futex.val) + BPF_CORE_READ(t, comm[3]); }')).toEqual([
      'field __sk_common.skc_dport of struct sock', 'field comm of struct task_struct', 'field di of struct pt_regs', 'field restart_block.futex.val of struct task_struct',
      'helper bpf_get_current_task in programs of type kprobe', 'helper bpf_probe_read_kernel in programs of type kprobe', 'kprobe:tcp_connect',
    ]);
  });
  it('what it asks for itself is none; a flavour of a type is that type', () => {
    const program = 'struct task_struct___old { long state; } __attribute__((preserve_access_index));\nSEC("tp_btf/sched_switch") int f(void *ctx) { struct task_struct___old *t = (void *)bpf_get_current_task(); struct task_struct *n = (void *)t; return bpf_core_field_exists(t->state) ? BPF_CORE_READ(t, state) : BPF_CORE_READ(n, __state); }';
    expect(needs(program).filter((need) => need.includes('task_struct'))).toEqual(['field __state of struct task_struct']);
  });
  it('types, enumerators and kfuncs', () => {
    const program = 'SEC("tp_btf/sched_switch") int f(void *ctx) { bpf_rcu_read_lock(); bpf_rcu_read_unlock(); return bpf_core_type_size(struct rq) + bpf_core_enum_value(enum pid_type, PIDTYPE_TGID) + bpf_core_type_exists(struct file); }';
    expect(needs(program)).toEqual(['enumerator PIDTYPE_TGID', 'kfunc bpf_rcu_read_lock', 'kfunc bpf_rcu_read_unlock', 'rawtracepoint:sched_switch', 'struct rq']);
  });
  it('is met by the kernel it was compiled for', () => {
    const object = compiled('SEC("fentry/vfs_read") int BPF_PROG(f, struct file *file) { bpf_rcu_read_lock(); bpf_rcu_read_unlock(); return file->f_pos + BPF_CORE_READ(file, f_inode, i_ino); }');
    expect(objectNeeds(object, bundled.types).length).toBeGreaterThan(3);
    expect(compareNeeds(objectNeeds(object, bundled.types), [bundled])).toEqual([]);
  });
});

it('a damaged object gives what can be read, or a message', () => {
  const whole = compiled('SEC("kprobe/tcp_connect") int BPF_KPROBE(f, struct sock *sk) { bpf_rcu_read_lock(); bpf_rcu_read_unlock(); return BPF_CORE_READ(sk, __sk_common.skc_dport); }');
  const ends = { read: 0, told: 0 };
  for (let seed = 0; seed < 5000; seed++) {
    try {
      expect(objectNeeds(damage(whole, seed), bundled.types).length).toBeGreaterThanOrEqual(0);
      ends.read++;
    } catch (error) {
      if (!(error instanceof UserError)) throw new Error(`seed ${seed}`, { cause: error });
      ends.told++;
    }
  }
  expect(Math.min(ends.read, ends.told)).toBeGreaterThan(200);
});

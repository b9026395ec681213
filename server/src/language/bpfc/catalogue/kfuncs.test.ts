import { expect, it } from 'vitest';
import { compareVersions } from '../../../base/version.ts';
import { bundled } from '../../../../test/support/inventory.ts';
import { KFUNCS, kfuncCallers, kfuncNamed, mayCallKfunc } from './kfuncs.ts';
import { PROGRAM_TYPES } from './program-types.ts';

it('names each kfunc once, in sentences', () => {
  expect(new Set(KFUNCS.map(({ name }) => name)).size).toBe(KFUNCS.length);
  expect(KFUNCS.length).toBeGreaterThan(200);
  for (const { name, summary, result } of KFUNCS) for (const text of [summary, result]) expect([name, text === '' || /^(?:[A-Z0-9`]|true|false).*\.$/.test(text)]).toEqual([name, true]);
});

it('says of each since when it is there as the bundled kernel has it', () => {
  const there = new Set(bundled.kfuncs());
  // Debian builds its 6.12 without sched_ext.
  const wrong = KFUNCS.filter(({ name, since }) => since && !name.startsWith('scx_') && (compareVersions(since, [6, 12]) <= 0) !== there.has(name));
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

it('knows all that the bundled kernel has, but for those of its tests and of single congestion controls', () => {
  const unknown = bundled.kfuncs().filter((name) => !kfuncNamed(name));
  expect(unknown.filter((name) => !/^(?:bbr|cubictcp)_|test|memb_release|^crash_kexec$/.test(name))).toEqual([]);
});

it('knows of each that the bundled kernel has which types of program may call it, but for those of its tests', () => {
  const unknown = bundled.kfuncs().filter((name) => !kfuncCallers(name));
  expect(unknown.filter((name) => !/call_test|_test\d?$|test_tp$|memb_release/.test(name))).toEqual([]);
  const types = new Set(['all', ...PROGRAM_TYPES.map(({ name }) => name)]);
  expect(bundled.kfuncs().flatMap((name) => [...(kfuncCallers(name) ?? [])]).filter((type) => !types.has(type))).toEqual([]);
});

it.each([
  ['6.12', 'xdp', 'bpf_xdp_ct_lookup', 'yes'],
  ['6.12', 'raw_tracepoint', 'bpf_rcu_read_lock', 'yes'],
  ['6.12', 'perf_event', 'bpf_cpumask_create', 'yes'],
  ['6.12', 'xdp', 'bpf_cpumask_create', 'no'],
  ['6.1', 'tracing', 'bpf_get_file_xattr', 'no'],
  ['6.18', 'xdp', 'bpf_cpumask_create', 'unknown'],
  ['6.12', 'ext', 'bpf_cpumask_create', 'unknown'],
  ['6.12', 'xdp', 'bpf_of_tomorrow', 'unknown'],
])('on Linux %s a program of type %s and %s: %s', (release, type, name, answer) => expect(mayCallKfunc({ release }, type, name)).toBe(answer));

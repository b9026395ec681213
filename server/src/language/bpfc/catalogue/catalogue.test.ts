import { describe, expect, it } from 'vitest';
import { bundled } from '../../../../test/support/inventory.ts';
import { callersOf, mayCall } from './allowed.ts';
import { MACROS, macroNamed } from './macros.ts';
import { MAP_TYPES } from './map-types.ts';
import { PROGRAM_TYPES, programType } from './program-types.ts';
import { readSection, SECTION_KINDS } from './sections.ts';

const bare = (names: readonly string[], prefix: string): string[] => names.filter((n) => n.startsWith(prefix) && !/UNSPEC|DEPRECATED/.test(n)).map((n) => n.slice(prefix.length));

describe('the catalogue', () => {
  it('has every type of program and of map that the bundled kernel has', () => {
    const types = bundled.types.enum('bpf_prog_type')?.values().map(({ name }) => name) ?? [];
    expect(PROGRAM_TYPES.map(({ name }) => name)).toEqual(bare(types, 'BPF_PROG_TYPE_').map((name) => name.toLowerCase()));
    const maps = bundled.types.enum('bpf_map_type')?.values().map(({ name }) => name) ?? [];
    expect(MAP_TYPES.map(({ name }) => name)).toEqual(bare(maps, 'BPF_MAP_TYPE_'));
  });

  it('has contexts that the kernel has', () => {
    const contexts = PROGRAM_TYPES.flatMap(({ context }) => context ?? []);
    expect(contexts.filter((name) => !bundled.types.struct(name))).toEqual([]);
  });

  it('has no section twice, and each of a known type', () => {
    const prefixes = SECTION_KINDS.map(({ prefix }) => prefix);
    expect(new Set(prefixes).size).toBe(prefixes.length);
    expect(SECTION_KINDS.filter(({ type }) => !programType(type)).map(({ prefix }) => prefix)).toEqual([]);
  });

  it.each([
    ['tp/sched/sched_switch', 'tp', 'sched/sched_switch'],
    ['?kprobe/vfs_read', 'kprobe', 'vfs_read'],
    ['kprobe.multi/vfs_*', 'kprobe.multi', 'vfs_*'],
    ['fentry.s/vfs_read', 'fentry.s', 'vfs_read'],
    ['xdp', 'xdp', ''],
    ['xdp.frags/devmap', 'xdp.frags/devmap', ''],
    ['cgroup/connect4', 'cgroup/connect4', ''],
    ['tc/ingress', 'tc/ingress', ''],
    ['uprobe//lib/libc.so.6:getenv', 'uprobe', '/lib/libc.so.6:getenv'],
  ])('reads %s', (name, prefix, target) => {
    const read = readSection(name);
    expect([read?.kind.prefix, read?.target, name.slice(read?.targetAt)]).toEqual([prefix, target, target]);
  });

  it('does not know what libbpf does not', () => {
    expect(['kprobes/x', 'cgroup/conect4', 'tracepoints/a/b', 'xpd'].map(readSection)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('says who may call a helper', () => {
    expect(mayCall(bundled, 'xdp', 'bpf_xdp_adjust_head')).toBe('yes');
    expect(mayCall(bundled, 'xdp', 'bpf_get_current_comm')).toBe('no');
    expect(mayCall(bundled, 'cgroup_sock_addr', 'bpf_bind')).toBe('unknown');
    expect(mayCall(bundled, 'tracing', 'bpf_skb_output')).toBe('unknown');
    expect(mayCall(bundled, 'tracing', 'bpf_skb_load_bytes')).toBe('no');
    expect(mayCall(bundled, 'lsm', 'bpf_inode_storage_get')).toBe('unknown');
    expect(mayCall(bundled, 'struct_ops', 'bpf_skb_load_bytes')).toBe('unknown');
    expect(callersOf(bundled, ['xdp', 'sched_cls', 'kprobe'], 'bpf_redirect')).toEqual({ types: ['xdp', 'sched_cls'], asked: true });
  });

  it('goes by Linux 6.18 where a kernel could not be asked', () => {
    const silent = (release: string): Parameters<typeof mayCall>[0] => ({ release, helpers: () => undefined });
    expect(mayCall(silent('6.18.44'), 'xdp', 'bpf_skb_load_bytes')).toBe('no');
    expect(mayCall(silent('5.10.0'), 'xdp', 'bpf_xdp_adjust_head')).toBe('unknown');
    expect(mayCall(silent('7.2.0'), 'xdp', 'bpf_skb_load_bytes')).toBe('unknown');
    expect(mayCall(silent('6.1.0'), 'kprobe', 'bpf_override_return')).toBe('unknown');
    expect(callersOf(silent('6.1.0'), ['xdp', 'sched_cls', 'kprobe'], 'bpf_redirect')).toEqual({ types: ['xdp', 'sched_cls'], asked: false });
  });

  it('refuses nothing that the bundled kernel allows', () => {
    const wrong = PROGRAM_TYPES.flatMap(({ name }) => [...(bundled.helpers(name) ?? [])].filter((helper) => mayCall({ release: '6.12', helpers: () => undefined }, name, helper) === 'no').map((helper) => `${name} ${helper}`));
    expect(wrong).toEqual([]);
  });

  it('explains macros in a sentence each', () => {
    expect(MACROS.filter(({ summary }) => !/^[0-9A-Z].*\.$/.test(summary)).map(({ name }) => name)).toEqual([]);
    expect(macroNamed('PT_REGS_PARM3')?.name).toBe('PT_REGS_PARM1');
  });
});

import { describe, expect, it } from 'vitest';
import { bundled } from '../../test/support/inventory.ts';
import { readTables, releases } from '../../test/support/kernel-tables.ts';
import { declareFunction } from '../kernel/ctype.ts';
import { prototypeOf, type KernelTables } from './prototypes.ts';

const tables: ReadonlyMap<string, KernelTables> = new Map(releases.map((release) => [release, readTables(release)]));
const kernel = (version: string): KernelTables => {
  const found = [...tables].find(([release]) => release.startsWith(`${version}.`))?.[1];
  if (!found) throw new Error(`No tables of ${version}`);
  return found;
};

it('specs are held against two full kernels, the newest first', () => {
  expect(releases.map((release) => release.replace(/^(\d+\.\d+).*/, '$1'))).toEqual(['6.12', '6.1']);
  expect(releases.some((release) => release.includes('cloud'))).toBe(false);
});

describe.each(releases)('%s', (release) => {
  const { functions, tracepoints } = tables.get(release) ?? kernel('none');

  it('has the functions and tracepoints of the kernel and of hundreds of modules', () => {
    const modules = new Set([...functions.values()].flat().map(({ module }) => module));
    expect(functions.size).toBeGreaterThan(80_000);
    expect(tracepoints.size).toBeGreaterThan(4_800);
    expect(modules.size).toBeGreaterThan(700);
    for (const module of ['vmlinux', 'xfs', 'btrfs', 'ext4', 'nfs', 'nfsd', 'sunrpc', 'cifs', 'ceph', 'overlay', 'kvm', 'kvm_amd', 'kvm_intel', 'nf_tables', 'nf_conntrack', 'dm_mod', 'raid456', 'mac80211']) expect(modules).toContain(module);
  });

  it('each function stands under its own name, with balanced parentheses', () => {
    const wrong = [...functions].flatMap(([name, found]) => found.filter(({ proto }) => !proto.includes(`${name}(`) || proto.split('(').length !== proto.split(')').length));
    expect(wrong).toEqual([]);
  });

  it('each field has a name, a type and a size; only what has no fixed length has none', () => {
    const fields = [...tracepoints].flatMap(([id, { fields: own }]) => own.map((field) => ({ id, ...field })));
    const wrong = fields.filter(({ name, declaration, size }) => !/^[A-Za-z_]\w*$/.test(name) || declaration.length < name.length + 2 || (size === 0 && !declaration.endsWith(']')));
    expect(wrong).toEqual([]);
  });

  it('knows a module of each event that is no part of the kernel itself', () => {
    const moduleOf = (id: string) => tracepoints.get(id)?.module;
    expect(['xfs:xfs_ilock', 'btrfs:btrfs_sync_file', 'kvm:kvm_exit', 'hyperv:vmbus_chan_sched', 'sched:sched_switch', 'syscalls:sys_enter_openat'].map(moduleOf)).toEqual(['xfs', 'btrfs', 'kvm', 'hv_vmbus', 'vmlinux', 'vmlinux']);
  });
});

it('known prototypes are right', () => {
  const both = [kernel('6.12'), kernel('6.1')];
  const of = (id: string, kernels = both) => prototypeOf({ id, kind: 'attach-point' }, kernels);
  expect(of('kprobe:vfs_read')).toBe('ssize_t vfs_read(struct file *file, char *buf, size_t count, loff_t *pos)');
  expect(of('kprobe:zil_commit')).toBe('void zil_commit(zilog_t *zilog, uint64_t foid)');
  expect(of('kprobe:tcp_connect')).toBe('int tcp_connect(struct sock *sk)');
  expect(of('kprobe:nf_tables_newrule')).toBe('int nf_tables_newrule(struct sk_buff *skb, struct nfnl_info *info, struct nlattr **nla)');
  expect(of('tracepoint:sched:sched_process_exec')).toBe('__data_loc char[] filename; pid_t pid; pid_t old_pid');
  expect(of('tracepoint:sched:sched_switch', [kernel('6.1')])).toBe('char prev_comm[16]; pid_t prev_pid; int prev_prio; long prev_state; char next_comm[16]; pid_t next_pid; int next_prio');
  expect(of('kprobe:inet_csk_accept', [kernel('6.1')])).toBe('struct sock *inet_csk_accept(struct sock *sk, int flags, int *err, bool kern)');
  expect(of('tracepoint:xfs:xfs_file_buffered_read')).toBe('dev_t dev; xfs_ino_t ino; xfs_fsize_t size; loff_t offset; size_t count');
});

it('fields are those of each kernel', () => {
  const of = (id: string, version: string) => prototypeOf({ id, kind: 'field' }, [kernel(version)]);
  expect(of('struct sock.__sk_common.skc_dport', '6.12')).toBe('__be16 skc_dport');
  expect(of('struct task_struct.__state', '6.1')).toBe('unsigned int __state');
  expect(of('struct xfs_inode.i_ino', '6.12')).toBe('xfs_ino_t i_ino');
  expect([...releases].map((release) => tables.get(release)?.structs.size ?? 0).every((size) => size > 5_000)).toBe(true);
});

it('kfuncs are marked since 6.10', () => {
  expect(kernel('6.12').kfuncs.get('bpf_task_from_pid')).toEqual({ module: 'vmlinux', proto: 'struct task_struct *bpf_task_from_pid(s32 pid)' });
  expect(kernel('6.12').kfuncs.size).toBeGreaterThan(150);
  expect(kernel('6.1').kfuncs.size).toBe(0);
});

it('the kernel that comes with Kgent, built from the same source, says the same', () => {
  const { functions, tracepoints } = kernel('6.12');
  const names = ['vfs_read', 'tcp_v4_connect', 'do_sys_openat2', 'try_to_wake_up', 'blk_mq_start_request', '__alloc_skb', 'handle_mm_fault', 'security_file_open'];
  for (const name of names) {
    const func = bundled.func(name);
    expect(functions.get(name)?.[0]?.proto, name).toBe(func && declareFunction(func.proto, name));
  }
  for (const [category, event] of [['sock', 'inet_sock_set_state'], ['block', 'block_rq_issue'], ['skb', 'kfree_skb']] as const) {
    expect(tracepoints.get(`${category}:${event}`)?.fields.map(({ name, size }) => [name, size])).toEqual(bundled.tracepoint(category, event)?.fields.map(({ name, size }) => [name, size]));
  }
});

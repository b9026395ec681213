import { describe, expect, it } from 'vitest';
import { bundled } from '../../../test/support/inventory.ts';
import type { ListedProvider } from '../inventory.ts';
import { openInventory } from '../open.ts';
import { functionListings } from './functions.ts';
import { Probes } from './index.ts';

const { probes } = bundled;
const MANY = 1_000_000;
/** `kprobe:vfs_read` as the index takes it. */
const point = (text: string): [ListedProvider, ...string[]] => text.split(':') as [ListedProvider, ...string[]];

describe('the bundled kernel', () => {
  // Counted by `bpftrace -l` of that machine, before the modules were loaded.
  it.each<[ListedProvider, number]>([['kprobe', 39_632], ['fentry', 38_203]])('%s: as many functions as bpftrace lists without the modules added', (provider, count) => {
    const listed = ['vmlinux', 'failover', 'net_failover', 'virtio_net'].flatMap((module) => probes.matches(provider, [module, '*'], MANY));
    expect(new Set(listed).size).toBe(count);
  });
  it('has more than 120,000 attach points, counted as they are listed', () => {
    const providers: ListedProvider[] = ['tracepoint', 'rawtracepoint', 'kprobe', 'kretprobe', 'fentry', 'fexit', 'iter', 'software', 'hardware'];
    expect(probes.count).toBeGreaterThan(120_000);
    expect(probes.count).toBe(providers.reduce((sum, provider) => sum + probes.matches(provider, ['*'], MANY).length, 0));
  });
});

describe('has', () => {
  it.each([
    'tracepoint:sched:sched_switch',
    'tracepoint:syscalls:sys_enter_*',
    'rawtracepoint:sched_switch',
    'rawtracepoint:vmlinux:sched_switch',
    'kprobe:vfs_read',
    'kprobe:vmlinux:vfs_read',
    'kprobe:xfs:xfs_file_read_iter',
    'kretprobe:vfs_*',
    'fentry:vfs_read',
    'fentry:vmlinux:vfs_read',
    'fexit:*:tcp_connect',
    'iter:task',
    'iter:task:/sys/fs/bpf/pin',
    'software:faults',
    'software:faults:100',
    'hardware:cache-misses:1000000',
    // Not in lists, and there: measured on that kernel with bpftrace 0.23.
    'kprobe:rcu_barrier',
    'fentry:FSE_decompress_wksp',
    'rawtracepoint:pelt_cfs_tp',
  ])('%s', (text) => expect(probes.has(...point(text))).toBe(true));
  it.each([
    'tracepoint:sched:sched_swtich',
    'tracepoint:sched:sys_enter_open',
    'tracepoint:ftrace:function',
    'tracepoint:nosuch:*',
    'kprobe:vfs_raed',
    'kprobe:xfs:vfs_read',
    'fentry:xfs:vfs_read',
    'kprobe:',
    'kprobe:no such*',
    // On the kprobes blacklist, or inlined.
    'kprobe:do_int3',
    'fentry:finish_task_switch',
    'software:nothing',
  ])('not %s', (text) => expect(probes.has(...point(text))).toBe(false));
});

describe('patterns', () => {
  it('match in any part, and are printed as bpftrace does', () => {
    expect(probes.matches('tracepoint', ['sched', 'sched_w*p'], 9)).toEqual(['tracepoint:sched:sched_wakeup']);
    expect(probes.matches('tracepoint', ['*d', 'sched_switch'], 9)).toEqual(['tracepoint:sched:sched_switch']);
    expect(probes.matches('fentry', ['vfs_read*'], 9)).toEqual(['fentry:vmlinux:vfs_read', 'fentry:vmlinux:vfs_readlink', 'fentry:vmlinux:vfs_readv']);
    expect(probes.matches('kretprobe', ['vmlinux', 'vfs_ready*'], 9)).toEqual([]);
    expect(probes.matches('software', ['cpu*'], 9)).toEqual(['software:cpu:', 'software:cpu-clock:', 'software:cpu-migrations:']);
  });
  it('count what they match, whatever the limit', () => {
    expect(probes.countMatches('kprobe', 'vfs_*')).toBe(probes.matches('kprobe', ['vfs_*'], MANY).length);
    expect([probes.countMatches('kprobe', 'vfs_read'), probes.countMatches('kprobe', 'vfs_raed'), probes.matches('kprobe', ['vfs_*'], 3).length, probes.matches('kprobe', ['vfs_*'], 0).length]).toEqual([1, 0, 3, 0]);
  });
});

describe('completion', () => {
  it('goes part by part', () => {
    expect(probes.complete('tracepoint', [], 'sche', 9)).toEqual(['sched']);
    expect(probes.complete('tracepoint', ['sched'], 'sched_sw', 9)).toEqual(['sched_swap_numa', 'sched_switch']);
    expect(probes.complete('kprobe', [], 'vfs_readl', 9)).toEqual(['vfs_readlink']);
    expect(probes.complete('fentry', ['xfs'], 'xfs_file_re', 9)).toEqual(['xfs_file_read_iter', 'xfs_file_readdir', 'xfs_file_release', 'xfs_file_remap_range']);
    expect(probes.complete('iter', [], 'tcp', 9)).toEqual(['tcp']);
  });
  it('shows modules before functions, and leaves room for functions', () => {
    expect(probes.complete('fentry', [], 'xfs_file_f', 3)).toEqual(['xfs_file_fadvise', 'xfs_file_fallocate', 'xfs_file_fsync']);
    const all = probes.complete('fentry', [], '', 20);
    expect([all.length, all.filter((name) => probes.has('fentry', name, '*')).length]).toEqual([20, 10]);
    expect(probes.complete('fentry', [], 'xf', 3)[0]).toBe('xfs');
  });
  it('what holds the text comes after what begins with it', () => {
    const names = probes.complete('kprobe', [], 'tcp_v4_connect', 9);
    expect(names).toEqual(['tcp_v4_connect']);
    expect(probes.complete('tracepoint', ['syscalls'], 'openat', 9)).toEqual(['sys_enter_openat', 'sys_enter_openat2', 'sys_exit_openat', 'sys_exit_openat2']);
  });
  it('of what is not there is empty', () => expect([probes.complete('tracepoint', ['nosuch'], '', 9), probes.complete('kprobe', [], 'zzzz', 9), probes.complete('kprobe', [], 'vfs', 0)]).toEqual([[], [], []]));
});

describe('did you mean', () => {
  it.each([
    ['tracepoint:sched:sched_swtich', 'tracepoint:sched:sched_switch'],
    ['tracepoint:shced:sched_switch', 'tracepoint:sched:sched_switch'],
    ['tracepoint:sched_switch', 'tracepoint:sched:sched_switch'],
    ['tracepoint:syscalls:sys_enter_opennat', 'tracepoint:syscalls:sys_enter_openat'],
    ['tracepoint:sched:sys_enter_open', 'tracepoint:syscalls:sys_enter_open'],
    ['tracepoint:syscalls:openat', 'tracepoint:syscalls:sys_enter_openat'],
    ['tracepoint:syscalls:sys_openat', 'tracepoint:syscalls:sys_enter_openat'],
    ['kprobe:vfs_raed', 'kprobe:vfs_read'],
    ['fexit:vfs_opn', 'fexit:vmlinux:vfs_open'],
    ['kprobe:tcp_connect_v4', 'kprobe:tcp_v4_connect'],
    ['fentry:vmlinux:tcp_conect', 'fentry:vmlinux:tcp_connect'],
    ['kprobe:finish_task_switch', 'kprobe:finish_task_switch.isra.0'],
    ['kprobe:blk_account_io_done', 'kprobe:blk_mq_end_request'],
    ['kprobe:__alloc_pages_nodemask', 'kprobe:__alloc_pages_noprof'],
    ['kprobe:kmem_cache_alloc', 'kprobe:kmem_cache_alloc_noprof'],
    ['kretprobe:do_fork', 'kretprobe:kernel_clone'],
    ['software:page-fault', 'software:page-faults:'],
    ['iter:tasks', 'iter:task'],
    ['rawtracepoint:sched_swich', 'rawtracepoint:sched_switch'],
  ])('%s: %s', (text, expected) => {
    const [provider, ...parts] = point(text);
    expect(probes.similar(provider, parts, 3)[0]).toBe(expected);
  });
  it('nothing is near to nonsense, to nothing, and to what is very long', () => {
    for (const name of ['qqqqzzzzxxxx', '', 'a', 'vfs_read'.repeat(100)]) expect([name, probes.similar('kprobe', [name], 5)]).toEqual([name, []]);
  });
  it('tells each once, at most as many as asked for', () => {
    const near = probes.similar('kprobe', ['vfs_rea'], 2);
    expect([near.length, new Set(near).size, probes.similar('kprobe', ['vfs_rea'], 0)]).toEqual([2, 2, []]);
  });
});

it('says what it knows nothing of', async () => {
  const record = { release: '5.4.0', arch: 'x86_64', distribution: '', moduleBtf: new Map(), functions: new TextEncoder().encode('vfs_write\nvfs_read\n__ftrace_invalid_address___12\n') };
  const inventory = await openInventory(record, { source: 'target', label: 'old (5.4.0)' });
  expect([inventory.probes.knows('kprobe'), inventory.probes.knows('fentry'), inventory.probes.knows('tracepoint'), inventory.probes.knows('software')]).toEqual([true, false, false, true]);
  expect([inventory.probes.matches('kprobe', ['*'], 9), inventory.types.struct('task_struct'), inventory.func('vfs_read')]).toEqual([['kprobe:vfs_read', 'kprobe:vfs_write'], undefined, undefined]);
});
it('tells prototypes with their module', () => {
  expect(bundled.func('vfs_read')).toMatchObject({ module: 'vmlinux' });
  expect(bundled.func('xfs_file_read_iter')?.module).toBe('xfs');
  expect(bundled.func('xfs_file_read_iter')?.proto.params.map((p) => p.name)).toEqual(['iocb', 'to']);
  expect(bundled.func('no_such_function')).toBeUndefined();
});

describe('before the listings are made', () => {
  const lines = (...names: string[]): Uint8Array => new TextEncoder().encode(names.map((name) => `${name}\n`).join(''));
  const early = (): Probes => new Probes(functionListings({ functions: lines('__ftrace_invalid_address___7', 'do_int3', 'vfs_readv', 'xfs_read [xfs]'), blacklist: lines('do_int3'), types: new Map() }));
  it.each(['vfs_readv', 'xfs_read', 'vfs_read', 'fs_readv', 'do_int3', '__ftrace_invalid_address___7', 'xfs_read [xfs]', ''])('%j is judged as afterwards', (name) => {
    const made = early();
    made.countMatches('kprobe', '*');
    expect(early().has('kprobe', name)).toBe(made.has('kprobe', name));
    expect(made.has('kprobe', name)).toBe(name === 'vfs_readv' || name === 'xfs_read');
  });
});

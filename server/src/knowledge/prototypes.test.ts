import { expect, it } from 'vitest';
import { prototypeOf, readKernelTables } from './prototypes.ts';

const newer = readKernelTables({
  functions: '=nfs\nint init_once(void *data)\nvoid nfs_read(struct file *file, int (*filler)(void *, struct folio *))\n=vmlinux\nssize_t vfs_read(struct file *file)\n=xfs\nvoid init_once(struct xfs_inode *ip)\n=kfuncs vmlinux\nvoid *bpf_rdonly_cast(void *obj, u32 btf_id)\n',
  tracepoints: 'sched:sched_switch vmlinux\n16 char prev_comm[16]\n4 pid_t prev_pid\nxfs:xfs_ilock xfs\n8 void (*fn)(void)\n4 __data_loc char[] name\nsyscalls:sys_enter_sync vmlinux\n',
  structs: '=struct sock\nstruct sock_common __sk_common\nint sk_err\nrefcount_t sk_refs[2]\nunsigned int sk_kern : 1\nvoid (*sk_ready)(struct sock *)\nu32 key.saddr\nstruct (anonymous) key\n=struct sock_common\n__be16 skc_dport\n=refcount_t\natomic_t refs\n',
});
const older = readKernelTables({ functions: '=vmlinux\nint vfs_read(void)\nint gone(int *why)\n', tracepoints: 'old:event vmlinux\n4 int left\n', structs: '' });
const of = (id: string, rest: { kind?: string; needs?: string[] } = {}) => prototypeOf({ id, kind: 'attach-point', ...rest }, [newer, older]);

it('a function has the prototype of the first kernel that has it', () => {
  expect(of('kprobe:vfs_read')).toBe('ssize_t vfs_read(struct file *file)');
  expect(of('fexit:gone')).toBe('int gone(int *why)');
  expect(of('kprobe:nowhere')).toBeUndefined();
  expect(of('kprobe:nfs_read')).toBe('void nfs_read(struct file *file, int (*filler)(void *, struct folio *))');
});

it('the module tells apart functions of one name', () => {
  expect(of('fentry:xfs:init_once')).toBe('void init_once(struct xfs_inode *ip)');
  expect(of('kprobe:init_once', { needs: ['module xfs'] })).toBe('void init_once(struct xfs_inode *ip)');
  expect(of('kprobe:init_once')).toBe('int init_once(void *data)');
  expect(readKernelTables({ functions: '=a\nint f(void)\n=vmlinux\nvoid f(void)\n', tracepoints: '', structs: '' }).functions.get('f')?.[0]).toEqual({ module: 'vmlinux', proto: 'void f(void)' });
});

it('a tracepoint has its fields', () => {
  expect(of('tracepoint:sched:sched_switch')).toBe('char prev_comm[16]; pid_t prev_pid');
  expect(of('tracepoint:syscalls:sys_enter_sync')).toBe('');
  expect(newer.tracepoints.get('sched:sched_switch')?.fields[0]).toEqual({ name: 'prev_comm', declaration: 'char prev_comm[16]', size: 16 });
  expect(newer.tracepoints.get('xfs:xfs_ilock')?.fields.map(({ name }) => name)).toEqual(['fn', 'name']);
  expect(newer.tracepoints.get('xfs:xfs_ilock')?.module).toBe('xfs');
});

it('a kfunc is no attach point, nor is anything else', () => {
  expect(of('bpf_rdonly_cast', { kind: 'kfunc' })).toBe('void *bpf_rdonly_cast(void *obj, u32 btf_id)');
  expect(of('kprobe:bpf_rdonly_cast')).toBeUndefined();
  expect(of('uprobe:libc:vfs_read')).toBeUndefined();
});

it.each([
  ['struct sock.sk_err', 'int sk_err'],
  ['struct sock.__sk_common.skc_dport', '__be16 skc_dport'],
  ['struct sock.sk_refs.refs', 'atomic_t refs'],
  ['struct sock.sk_kern', 'unsigned int sk_kern : 1'],
  ['struct sock.sk_ready', 'void (*sk_ready)(struct sock *)'],
  ['struct sock.key.saddr', 'u32 saddr'],
  ['struct sock.sk_gone', undefined],
  ['struct nothing.a', undefined],
])('%s is declared as %s', (id, proto) => {
  expect(of(id, { kind: 'field' })).toBe(proto);
});

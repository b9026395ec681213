import { expect, it } from 'vitest';
import { mistakesOf } from './lint.ts';
import { readKernelTables } from './prototypes.ts';
import { specSchema } from './schema.ts';

const kernel = readKernelTables({ functions: '=vmlinux\nssize_t vfs_read(struct file *file, size_t count)\n', tracepoints: 'sched:sched_switch vmlinux\n4 pid_t prev_pid\n', structs: '=struct sock\nint sk_err\n' });
const GOOD = { id: 'kprobe:vfs_read', kind: 'attach-point', proto: 'ssize_t vfs_read(struct file *file, size_t count)', summary: 'A file is read', meaning: 'Reached by read().', context: 'process', heat: 'hot', args: [{ name: 'file', meaning: 'what is read' }, { name: 'count', meaning: 'how much' }] };
const mistakes = (changes: object) => mistakesOf(specSchema.parse({ ...GOOD, ...changes }), { kernels: [kernel], ids: new Set(['kprobe:vfs_read', 'kprobe:described']) });

it('a good one has none', () => {
  expect(mistakes({ alternatives: ['tracepoint:sched:sched_switch', 'kprobe:described', 'uprobe:libc:read'], pre: ['count > 0', 'file != NULL'] })).toEqual([]);
  expect(mistakes({ id: 'kretprobe:vfs_read', args: [...GOOD.args, { name: 'retval', meaning: 'bytes read' }] })).toEqual([]);
  expect(mistakes({ id: 'struct sock.sk_err', kind: 'field', proto: 'int sk_err', args: [] })).toEqual([]);
});

it.each<[object, string]>([
  [{ meaning: 'TODO' }, 'a placeholder: TODO'],
  [{ heat: undefined }, 'it does not say in which context it fires, or how often'],
  [{ summary: 'A file is read.' }, 'the summary ends with a full stop'],
  [{ pre: ['the file is open'] }, 'no condition: the file is open'],
  [{ post: ['(retval >= 0'] }, 'no condition: (retval >= 0'],
  [{ pre: ['file != NULL', 'count != 0'] }, 'conditions that only say != NULL: file != NULL, count != 0'],
  [{ proto: 'int vfs_read(void)' }, 'the prototype is ssize_t vfs_read(struct file *file, size_t count)'],
  [{ args: GOOD.args.slice(1) }, 'file is not described'],
  [{ args: [...GOOD.args, { name: 'pos', meaning: 'where' }] }, 'there is no pos'],
  [{ alternatives: ['kprobe:vfs_raed'] }, 'there is no alternative kprobe:vfs_raed'],
  [{ id: 'struct sock.sk_err', kind: 'field', proto: 'long sk_err', args: [] }, 'the prototype is int sk_err'],
  [{ id: 'topic:a', kind: 'topic', proto: '', args: [], words: ['a', 'b', 'c'], points: ['kprobe:vfs_read', 'kprobe:gone', 'kprobe:described'] }, 'there is no kprobe:gone'],
  [{ id: 'topic:a', kind: 'topic', proto: '', args: [], words: ['a', 'b', 'c'], points: ['kprobe:vfs_read'] }, 'only 1 points'],
])('%j: %s', (changes, mistake) => {
  expect(mistakes(changes)).toEqual([mistake]);
});

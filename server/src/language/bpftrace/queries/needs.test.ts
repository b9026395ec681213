import { expect, it } from 'vitest';
import { analyzed } from '../../../../test/support/analyzed.ts';
import { describeNeed } from '../../../kernel/compare/need.ts';
import { needsOf } from './needs.ts';

it.each<[string, readonly string[]]>([
  ['kprobe:tcp_connect { @[((struct sock *)arg0)->__sk_common.skc_family == AF] = count() }', ['kprobe:tcp_connect', 'field skc_family of struct sock_common', 'field __sk_common of struct sock', 'struct sock', 'argument 1 of tcp_connect']],
  ['kprobe:vfs_read+0x10, fentry:vmlinux:vfs_write /pid/ { print(1) }', ['kprobe:vfs_read', 'fentry:vmlinux:vfs_write']],
  ['fentry:vfs_read { @ = args.file->f_pos } fexit:vfs_wri* { @ = args.x }', ['fentry:vfs_read', 'fexit:vfs_wri*', 'field f_pos of struct file', 'argument file of vfs_read']],
  ['tracepoint:sched:sched_switch, t:sched:sched_wak* { @ = args->prev_pid; @b = args.nothing.more }', ['tracepoint:sched:sched_switch', 'tracepoint:sched:sched_wak*', 'field prev_pid of tracepoint:sched:sched_switch', 'field prev_pid of tracepoint:sched:sched_wak*', 'field nothing of tracepoint:sched:sched_switch', 'field nothing of tracepoint:sched:sched_wak*']],
  ['BEGIN { @ = sizeof(struct task_struct); @b = (pid_t)1; @c = (uint64)2; @d = curtask->pid }', ['struct task_struct', 'type pid_t', 'field pid of struct task_struct']],
  // Below a member whose type has no name.
  ['BEGIN { @ = curtask->restart_block.futex.val }', ['field futex.val of struct restart_block', 'field futex of struct restart_block', 'field restart_block of struct task_struct']],
  ['struct own { int x; } enum e { MINE } #define NO 3\nBEGIN { @ = ((struct own *)1)->x + MINE; @b = TCP_ESTABLISHED }', ['enumerator TCP_ESTABLISHED']],
  ['uprobe:/bin/sh:main { @ = arg1 } interval:s:1 { exit() } software:cpu-clock:100 { @ = 1 } iter:task { print(1) }', ['software:cpu-clock', 'iter:task']],
  ['kprobe:no_such { @ = ((struct nothing *)arg3)->x; @b = curtask->nothing->more }', ['kprobe:no_such', 'struct nothing', 'argument 4 of no_such', 'field nothing of struct task_struct']],
])('%s', (text, expected) => expect(needsOf(analyzed(text).analysis).map(describeNeed).toSorted()).toEqual(expected.toSorted()));

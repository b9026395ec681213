import { describe, expect, it } from 'vitest';
import { expectLint, repaired } from './expect.test-support.ts';

describe('functions that newer kernels renamed or inlined', () => {
  it.each([
    ['«kprobe:finish_task_switch» { @ = count(); }', 'finish_task_switch.isra.0'],
    ['«kprobe:blk_account_io_start» { @ = count(); }', 'tracepoint:block:block_io_start'],
    ['«kprobe:_do_fork» { @ = count(); }', '`kernel_clone`'],
    ['«fentry:load_balance» { @ = count(); }', '`sched_balance_rq`'],
    ['«kprobe:sys_openat» { @ = count(); }', '`__x64_sys_openat`'],
    ['BEGIN { print(1); } «kretprobe:kmem_cache_alloc» { @ = count(); }', 'kmem_cache_alloc_noprof'],
  ])('%s', (source, says) => {
    expect(expectLint('renamed-function', source)[0]?.message).toContain(says);
  });
  it.each([
    'kprobe:vfs_read { @ = count(); }',
    // Both names are given: one of them is there.
    'kprobe:_do_fork, kprobe:kernel_clone { @ = count(); }',
    // Nothing is known of it: that it does not exist is said elsewhere.
    'kprobe:no_such_function_at_all { @ = count(); }',
    'kprobe:blk_account_* { @ = count(); }',
    'uprobe:/bin/true:tcp_drop { @ = count(); }',
  ])('%s', (source) => {
    expectLint('renamed-function', source);
  });
  it('names the function as it is called now', () => {
    const source = '«kprobe:_do_fork» { @ = count(); }';
    expect(repaired('kprobe:_do_fork { @ = count(); }', expectLint('renamed-function', source)[0])).toBe('kprobe:kernel_clone { @ = count(); }');
  });
});

import { describe, expect, it } from 'vitest';
import { bundled } from '../../../../test/support/inventory.ts';
import { describeType } from '../../../language/bpftrace/analysis/types.ts';
import { namesOfFunction, namesOfTracepoint, specCondition, type SpecCondition } from './spec.ts';

function ofFunction(name: string, text: string): SpecCondition {
  const proto = bundled.func(name)?.proto;
  if (!proto) throw new Error(`the bundled kernel has no ${name}`);
  return specCondition(text, namesOfFunction(proto), bundled);
}

describe('conditions of specs', () => {
  it.each([
    ['tcp_connect', 'sk->__sk_common.skc_family == AF_INET || family(sk) == AF_INET6'],
    ['tcp_connect', 'retval <= 0 && retval >= -4095'],
    ['vfs_read', 'readable(file, sizeof(struct file)) && retval <= (int)count'],
    ['vfs_read', 'retval == -EINVAL || (file->f_mode & FMODE_READ)'],
  ])('%s: %s', (name, text) => expect(ofFunction(name, text).problems).toEqual([]));

  it('of a tracepoint name its fields', () => {
    const format = bundled.tracepoint('sched', 'sched_switch');
    if (!format) throw new Error('no sched_switch');
    expect(specCondition('prev_pid >= 0 && next_prio < 140', namesOfTracepoint(format), bundled).problems).toEqual([]);
  });

  it('know the types of arguments', () => {
    const { expr, typeOf } = ofFunction('vfs_read', 'retval == 1');
    expect(expr.kind === 'binary' && describeType(typeOf(expr.left) ?? { kind: 'none' })).toBe('int64');
  });

  it.each([
    ['sock->state == 1', /sock is none of the names here: sk, retval/],
    ['sk->skc_dport == 1', /has no field skc_dport/],
    ['sk->__sk_common.skc_dport ==', /value is missing/],
  ])('tell what is wrong: %s', (text, message) => expect(ofFunction('tcp_connect', text).problems[0]?.message).toMatch(message));
});

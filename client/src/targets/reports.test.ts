import { describe, expect, it } from 'vitest';
import type { Finding, TargetReport } from '../../../server/src/protocol.ts';
import { groupsOf, verdictOf } from './reports.ts';

const at = { start: { line: 3, character: 1 }, end: { line: 3, character: 4 } };
const error: Finding = { check: 'semantics', code: 'unknown-function', severity: 'error', message: 'no function nosuch\nDid you mean one of those that this kernel has, which is vfs_read or vfs_write?', range: at, evidence: [], repairs: [] };
const good: TargetReport = { target: 'web', findings: [], skipped: [] };
const bad: TargetReport = { target: 'old', findings: [error], skipped: [{ check: 'load', reason: 'The semantics check found errors first.' }] };
const half: TargetReport = { target: 'bare', findings: [{ ...error, severity: 'warning' }], skipped: [{ check: 'compile', reason: 'bpftrace is not installed' }] };

describe('a program on several targets', () => {
  it('is told target by target, with the places of its mistakes', () => {
    expect(groupsOf([good, bad, half], [])).toEqual([
      { heading: 'web', lines: [{ icon: 'passed', label: 'no problems' }] },
      { heading: 'old', lines: [{ icon: 'error', label: 'no function nosuch Did you mean one of those that this kernel has,', detail: 'which is vfs_read or vfs_write?', description: 'line 4', range: at }] },
      { heading: 'bare', lines: [expect.objectContaining({ icon: 'warning' }), { icon: 'skipped', label: 'bpftrace is not installed', description: 'compile did not run' }] },
    ]);
  });

  it('ends with what their kernels have not alike', () => {
    expect(groupsOf([good], ['works on web but not on old']).at(-1)).toEqual({ heading: 'where their kernels differ', lines: [{ icon: 'difference', label: 'works on web but not on old' }] });
  });

  it.each<[readonly TargetReport[], string]>([
    [[good, good], 'accepted on all of 2 targets'],
    [[good, bad], 'errors on 1 of 2 targets'],
    [[bad, bad, half], 'errors on 2, not checked in full on 1 of 3 targets'],
    [[half], 'not checked in full on 1 of 1 target'],
  ])('%#: %s', (reports, verdict) => {
    expect(verdictOf(reports)).toBe(verdict);
  });
});

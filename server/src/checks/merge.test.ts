import { describe, expect, it } from 'vitest';
import { range } from '../base/range.ts';
import { finding, type CheckName, type Finding } from './finding.ts';
import { allFindings } from './merge.ts';
import type { CheckReport } from './pipeline.ts';

function at(check: CheckName, code: string, line: number, from = 0, severity: Finding['severity'] = 'error'): Finding {
  return finding(check, code, severity, code, range(line, from, line, from + 3));
}

function report(check: CheckName, findings: readonly Finding[], more: Partial<CheckReport> = {}): CheckReport {
  return { check, findings, ms: 1, ...more };
}

const codes = (reports: readonly CheckReport[]): string[] => allFindings(reports).map((f) => `${f.check} ${f.code}`);

describe('the tool is the judge', () => {
  it('what bpftrace accepted is no error, whatever was forecast', () => {
    expect(codes([report('semantics', [at('semantics', 'type-mismatch', 1)]), report('compile', [])])).toEqual([]);
  });
  it('warnings of bpftrace do not make a rejection', () => {
    expect(codes([report('semantics', [at('semantics', 'type-mismatch', 1)]), report('compile', [at('compile', 'bpftrace-warning', 2, 0, 'warning')])])).toEqual(['compile bpftrace-warning']);
  });
  it('a forecast stays when bpftrace rejected the program, or was not asked to the end', () => {
    expect(codes([report('semantics', [at('semantics', 'type-mismatch', 1)]), report('compile', [at('compile', 'unknown-function', 2)])])).toEqual(['semantics type-mismatch', 'compile unknown-function']);
    expect(codes([report('semantics', [at('semantics', 'type-mismatch', 1)]), report('compile', [], { skipped: 'bpftrace is not installed' })])).toEqual(['semantics type-mismatch']);
    expect(codes([report('semantics', [at('semantics', 'type-mismatch', 1)])])).toEqual(['semantics type-mismatch']);
  });
  it('what is not bpftrace\'s to say stays', () => {
    const own = [at('semantics', 'no-kprobes', 1), at('semantics', 'unbounded-map', 2, 0, 'warning')];
    expect(codes([report('semantics', own), report('compile', [])])).toEqual(['semantics no-kprobes', 'semantics unbounded-map']);
  });
});

describe('each mistake once', () => {
  it('ours stands for bpftrace\'s with the same code on the line', () => {
    expect(codes([report('semantics', [at('semantics', 'unknown-field', 1, 9)]), report('compile', [at('compile', 'unknown-field', 1, 4)])])).toEqual(['semantics unknown-field']);
  });
  it('another code elsewhere on the line is another mistake', () => {
    expect(codes([report('semantics', [at('semantics', 'unknown-field', 1, 9)]), report('compile', [at('compile', 'type-mismatch', 1, 4)])])).toHaveLength(2);
  });
  it('what the version does not have explains whatever bpftrace says of the line', () => {
    expect(codes([report('semantics', [at('semantics', 'needs-newer-bpftrace', 1, 9)]), report('compile', [at('compile', 'type-mismatch', 1, 4)])])).toEqual(['semantics needs-newer-bpftrace']);
  });
  it('two findings of one check are two', () => {
    expect(codes([report('semantics', [at('semantics', 'unknown-field', 1, 4), at('semantics', 'unknown-field', 1, 9)])])).toHaveLength(2);
  });
  it('broken text is told in our words', () => {
    expect(codes([report('syntax', [at('syntax', 'unclosed-string', 1)]), report('compile', [at('compile', 'syntax-error', 3)])])).toEqual(['syntax unclosed-string']);
  });
});

describe('an advisory check', () => {
  const advisory = (code: string): CheckReport => report('semantics', [at('semantics', code, 1, 9)], { advisory: true });
  it('gives way to what the kernel says of the same, with its repairs', () => {
    expect(codes([advisory('map-setup'), report('compile', []), report('load', [at('load', 'map-setup', 1, 2)])])).toEqual(['load map-setup']);
    expect(codes([advisory('map-setup'), report('compile', []), report('load', [at('load', 'null-check', 5)])])).toEqual(['semantics map-setup', 'load null-check']);
  });
  it('lends its sentence, its place and its repairs', () => {
    const ours = { ...at('semantics', 'map-setup', 1, 9), message: 'Add a key.', repairs: [{ title: 'Add', sure: false, edits: [] }] };
    const theirs = { ...at('load', 'map-setup', 1, 2), repairs: [{ title: 'Proved', sure: true, edits: [] }] };
    expect(allFindings([report('semantics', [ours], { advisory: true }), report('load', [theirs])])).toMatchObject([{ check: 'load', message: 'Add a key.', range: ours.range, repairs: [{ title: 'Proved' }, { title: 'Add' }] }]);
  });
  it('was wrong about what loaded, but loading does not tell where to attach', () => {
    expect(codes([advisory('helper-not-allowed'), report('compile', []), report('load', [])])).toEqual([]);
    expect(codes([advisory('helper-not-allowed'), report('compile', []), report('load', [], { skipped: 'needs root' })])).toEqual(['semantics helper-not-allowed']);
    expect(codes([advisory('attach-target'), report('compile', []), report('load', [])])).toEqual(['semantics attach-target']);
  });
});

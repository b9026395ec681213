import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bundled } from '../../../../test/support/inventory.ts';
import { parse } from '../../../../test/support/marked.ts';
import type { Version } from '../../../base/version.ts';
import { allFaults } from '../syntax/all-faults.ts';
import { analyze } from './analyze.ts';

const FIXTURES = 'test-fixtures/bpftrace-errors/';
const VERSIONS: Readonly<Record<string, Version>> = { '0.17': [0, 17, 0], '0.23': [0, 23, 2], '0.27': [0, 27, 1] };

/** Lines on which syntax and semantics report an error, without bpftrace and without a target. */
function errorLines(name: string, version: Version): readonly number[] {
  const text = readFileSync(FIXTURES + name, 'utf8');
  const document = parse(text);
  const { problems } = analyze(document, { version, inventory: bundled, unsafe: false, targetName: 'the target' });
  const spans = [...allFaults(document).map((f) => f.span), ...problems.filter((p) => p.severity === 'error').map((p) => p.span)];
  return [...new Set(spans.map((s) => text.slice(0, s.start).split('\n').length))].toSorted((a, b) => a - b);
}

/**
 * The first line on which each version says ERROR, for programs rejected for their language or their types; read from
 * `recordings/bpftrace` (0.17.0, 0.23.2, 0.27.1 on Linux 6.18), one number where the versions agree. `-`: accepted.
 */
const REJECTED: readonly (readonly [sample: string, lines: string])[] = [
  ['01-syntax-missing-brace', '3'],
  ['02-syntax-stray-token', '3'],
  // 0.27 sees the string end only with the next line.
  ['03-unterminated-string', '2'],
  ['04-unknown-function', '2'],
  ['05-unknown-builtin-ident', '2'],
  ['06-undefined-variable', '2'],
  ['07-undefined-map', '2'],
  ['08-map-type-mismatch', '3'],
  ['09-map-key-mismatch', '3'],
  ['10-printf-argcount', '2'],
  ['11-printf-argtype', '2'],
  ['12-invalid-provider', '1'],
  ['13-missing-tracepoint', '1'],
  ['14-tracepoint-bad-arg-field', '3'],
  ['19-struct-unknown-type', '2'],
  ['20-struct-unknown-field', '3'],
  ['21-c-definition-error', '2'],
  ['23-multiple-errors', '4'],
  ['24-unsafe-function', '2'],
  ['25-unroll-limit', '2'],
  ['31-predicate-type', '2'],
  ['32-count-misuse', '2'],
  // 0.17 and 0.23 count CRLF twice.
  ['33-crlf-and-tabs', '2'],
  ['34-utf8-before-error', '2'],
  ['35-multiline-expr', '4'],
  ['38-retval-in-wrong-probe', '3'],
  ['39-wildcard-no-match', '1'],
  ['40-empty-action', '2'],
  ['44-macro-for-range-new-syntax', '1 1 -'],
  ['46-verifier-ctx-oob', '3'],
  // fentry is called kfunc in 0.17; newer versions miss the kernel's support for it, which the bundled kernel has.
  ['17-kfunc-fentry-unavailable', '1 - -'],
  // No such kind of probe; ctx is not allowed in it; no such probe on the recording's kernel.
  ['48-rawtp-ctx-oob', '1 3 3'],
  ['50-preamble-after-comments', '13'],
  ['51-wide-characters-and-tabs', '3'],
  // 0.17 and 0.23 only warn of one missing attach point among several; it never fires.
  ['52-second-of-several-probes', '3'],
  ['53-no-final-newline', '1'],
];

/**
 * Rejected for what only the machine can tell, or only by the kernel: a header or binary that is not there, a kernel
 * without kprobes, stack space, the verifier. And programs that every version accepts.
 */
const NOT_OURS = [
  '15-args-arrow-old-style', '16-kprobe-unavailable', '18-kfunc-old-name', '22-include-missing', '26-positional-missing', '27-uprobe-no-binary', '28-uprobe-no-symbol',
  '29-verifier-stack-too-big', '30-verifier-loop', '36-warning-discarded', '37-signed-compare-warning', '41-many-probes', '42-ok-program', '43-verifier-bad-deref-uninit',
  '45-verifier-infinite-loop', '47-verifier-profile-override', '49-verifier-too-big',
];

describe('what bpftrace rejects for its language or its types is an error on the same line', () => {
  const cases = REJECTED.flatMap(([sample, lines]) => {
    const each = lines.split(' ');
    return Object.keys(VERSIONS).map((version, i) => [sample, version, each[i] ?? each[0] ?? ''] as const);
  });
  it.each(cases)('%s, bpftrace %s', (sample, version, line) => {
    const found = errorLines(`${sample}.bt`, VERSIONS[version] ?? []);
    if (line === '-') expect(found).toEqual([]);
    else expect(found).toContain(Number(line));
  });
});

describe('what only the machine or the kernel can tell is no error', () => {
  it.each(NOT_OURS.flatMap((sample) => Object.entries(VERSIONS).map(([name, version]) => [sample, name, version] as const)))('%s, bpftrace %s', (sample, _, version) => {
    expect(errorLines(`${sample}.bt`, version)).toEqual([]);
  });
});

it('every sample is in one of the lists', () => {
  const samples = readdirSync(FIXTURES).filter((name) => name.endsWith('.bt')).map((name) => name.replace(/\.bt$/, ''));
  expect([...REJECTED.map(([sample]) => sample), ...NOT_OURS].toSorted()).toEqual(samples.toSorted());
});

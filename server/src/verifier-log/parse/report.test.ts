import { describe, expect, it } from 'vitest';
import { explainText } from '../explain/explain.ts';
import { parseLog } from './log.ts';

/** As Linux 7.3 prints it: its old last words, then the report. */
const LOG = `0: R1=ctx() R10=fp0
; __u64 *v = bpf_map_lookup_elem(&counts, &key); @ count.bpf.c:8
4: (18) r1 = 0xffff88819aae3800       ; R1=map_ptr(map=counts,ks=4,vs=8)
6: (85) call bpf_map_lookup_elem#1    ; R0=map_value_or_null(id=1,map=counts,ks=4,vs=8)
; *v += 1; @ count.bpf.c:9
7: (79) r1 = *(u64 *)(r0 +0)
R0 invalid mem access 'map_value_or_null'

Verification failed: Register Type Safety: Invalid dereference

Reason:
  R0 may be NULL here (a nullable map value pointer). Long reasons go on in a second
  line.

At:
  count @ count.bpf.c:9:5
  Source context:
         7 | __u32 key = 1;
         8 | __u64 *v = bpf_map_lookup_elem(&counts, &key);
    >>>  9 | *v += 1;
           | ^-- error: invalid dereference of R0 (a nullable map value pointer)
        10 | return 0;
  Instruction context:
        6 | (85) call bpf_map_lookup_elem#1
    >>> 7 | (79) r1 = *(u64 *)(r0 +0)
        8 | (07) r1 += 1

Causal path:
  count @ count.bpf.c:8:13
  Source context:
    >>>  8 | __u64 *v = bpf_map_lookup_elem(&counts, &key);
           | ^-- update: R0 changed from uninitialized value to nullable map value
           |     from counts at offset 0
  Instruction context:
        4 | (18) r1 = 0xffff88819aae3800
    >>> 6 | (85) call bpf_map_lookup_elem#1

Suggestion:
  Add a NULL check.

processed 7 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;
const classic = LOG.slice(0, LOG.indexOf('\nVerification failed')) + LOG.slice(LOG.indexOf('processed'));
const REPORT = LOG.slice(LOG.indexOf('Verification failed'));
const briefly = (text: string): unknown[] => explainText(text).map((e) => [e.class, e.cause.line, e.rejected.line, e.complaint]);

describe('the report of Linux 7.3', () => {
  it('its sections', () => {
    expect(parseLog(LOG).programs[0]).toMatchObject({
      complaint: ["R0 invalid mem access 'map_value_or_null'"],
      report: {
        category: 'Register Type Safety',
        title: 'Invalid dereference',
        reason: 'R0 may be NULL here (a nullable map value pointer). Long reasons go on in a second line.',
        file: 'count.bpf.c',
        line: 9,
        instruction: 7,
        path: [{ text: 'update: R0 changed from uninitialized value to nullable map value from counts at offset 0', file: 'count.bpf.c', line: 8, instruction: 6 }],
        suggestion: 'Add a NULL check.',
      },
    });
  });
  it('changes nothing of what the old words tell', () => expect(briefly(LOG)).toEqual(briefly(classic)));
  it('says alone what happened', () => expect(explainText(REPORT)[0]).toMatchObject({ class: 'null-check', cause: { line: 8 }, rejected: { line: 9 } }));
  it('without line information', () => {
    const text = `0: R1=ctx() R10=fp0\n0: (95) exit\nR0 !read_ok\n\nVerification failed: Register Type Safety: Unreadable register\n\nReason:\n  R0 is not readable.\n\nAt:\n  insn 0\n        | ^-- error: R0 is not readable\n  Instruction context:\n  >>> 0 | (95) exit\n\nCausal path:\n  no events\n\nSuggestion:\n  Give R0 a value.\n\nprocessed 1 insns (limit 1000000)\n`;
    expect(parseLog(text).programs[0]).toMatchObject({ complaint: ['R0 !read_ok'], report: { instruction: 0, path: [{ text: 'no events' }], suggestion: 'Give R0 a value.' } });
  });
  it('a report as long as a path can be', () => {
    const event = REPORT.slice(REPORT.indexOf('  count @ count.bpf.c:8'), REPORT.indexOf('\nSuggestion'));
    const long = LOG.replace(event, event.repeat(64));
    expect(parseLog(long).programs[0]?.report?.path).toHaveLength(64);
    expect(briefly(long)).toEqual(briefly(classic));
  });
  it("cilium's summary of it", () => {
    const text = 'field Count: program count: load program: permission denied: R0 may be NULL here, so it cannot be read (Add a NULL check before the access)\n';
    expect(parseLog(text).programs[0]).toMatchObject({ program: 'count', report: { reason: 'R0 may be NULL here, so it cannot be read', suggestion: 'Add a NULL check before the access' } });
    expect(explainText(text)[0]).toMatchObject({ class: 'null-check' });
  });
  it.each([
    ['Invalid dereference', 'R1 is an integer scalar here.', 'direct-dereference'],
    ['Invalid dereference', 'R0 may be NULL here (a nullable map value pointer).', 'null-check'],
    ['Access outside bounds', 'R1 is a map value pointer; offset is constant 8.', 'map-value-bounds'],
    ['Access outside bounds', 'R1 is a map value pointer; offset is unbounded.', 'unbounded-scalar'],
    ['Access outside bounds', 'R2 is a stack pointer; offset is constant 4.', 'stack-bounds'],
    ['Access outside bounds', 'R2 is a packet pointer; offset is constant 4.', 'packet-bounds'],
    ['Unreadable register', 'R2 is not readable here. An operation invalidated it.', 'uninitialized-register'],
    ['Invalid call argument', 'The second argument to bpf_x does not fit.', 'helper-argument'],
    ['Unreleased resource', 'Owned resource (id=2) was acquired at instruction 4.', 'reference-leak'],
    ['Operation is not allowed in this context', 'bpf_x may sleep, and this is an RCU read lock region.', 'sleepable'],
    ['Required context is not active', 'bpf_x requires an active RCU read lock region.', 'rcu'],
    ['Operation is not allowed', 'The helper bpf_x is not allowed: this program type cannot use it.', 'helper-not-allowed'],
    ['Operation is not allowed', 'The kfunc bpf_x is not allowed: this program type cannot use it.', 'kfunc-not-allowed'],
    ['Operation is not allowed', 'The helper bpf_x is not allowed: it wants a GPL compatible licence.', 'gpl-only'],
    ['Jump out of range', 'Instruction 4 goes to instruction 99.', 'unreachable-code'],
  ])('%s: %s', (title, reason, expected) => expect(explainText(`\nVerification failed: Some Safety: ${title}\n\nReason:\n  ${reason}\n\nAt:\n  f @ f.bpf.c:9:5\n  Source context:\n    >>> 9 | x = y;\n          | ^-- error: here\n\nSuggestion:\n  Do it right.\n\n`)[0]).toMatchObject({ class: expected, rejected: { line: 9 } }));
});

import { expect, it } from 'vitest';
import { LineIndex } from '../../base/line-index.ts';
import type { CounterexampleEvent, Verdict } from '../../contracts/verdict.ts';
import { allFindings } from '../merge.ts';
import { compared } from './engines.ts';
import { findingsOf } from './findings.ts';
import { proofsOf, tally } from './proof.ts';
import { tallyText, verdictText } from './words.ts';

const TEXT = 'kprobe:tcp_connect {\n  $dport = ((struct sock *)arg0)->__sk_common.skc_dport;\n  //@ assert $dport == 80\n  print($dport);\n}\n';
const LINES = new LineIndex(TEXT);
const at = (part: string): { start: number; end: number } => ({ start: TEXT.indexOf(part), end: TEXT.indexOf(part) + part.length });

const EVENT: CounterexampleEvent = {
  handler: 'kprobe:tcp_connect',
  span: { start: 0, end: TEXT.length },
  inputs: [
    { name: 'arg0', value: 0xffff888000000000n, text: '0xffff888000000000' },
    { name: '((struct sock *)arg0)->__sk_common.skc_dport', value: 0x5000n, text: '0x5000' },
  ],
  reads: [],
  steps: [
    { name: '$dport', value: 20480n, text: '20480', span: at('$dport = ') },
    { name: '', value: 1n, text: 'true', span: at('$dport ==') },
    { name: '', value: 0n, text: 'false', span: at('$dport == 80'), asserted: '80' },
  ],
};
const refuted = (property: string, part: string, events = [EVENT]): Verdict => ({ property, span: at(part), says: '$dport == 80', result: { kind: 'refuted', counterexample: { events } } });
const SOURCE = { text: TEXT, language: 'bpftrace' } as const;
const told = (...verdicts: Verdict[]): ReturnType<typeof findingsOf> => findingsOf(proofsOf(verdicts, LINES), SOURCE);

it('a clause that is refuted is an error with the values, the way there, and the counterexample as data', () => {
  const [found] = told(refuted('contract', '$dport == 80'));
  expect(found).toMatchObject({
    check: 'contract', code: 'contract-violated', severity: 'error', range: { start: { line: 2, character: 13 } },
    message: 'This does not hold: $dport == 80. skc_dport = 0x5000 ⇒ $dport = 20480, asserted 80',
    counterexample: { inputs: { arg0: '18446612682070032384', '((struct sock *)arg0)->__sk_common.skc_dport': 20480 }, violated: '$dport == 80' },
  });
  expect(found?.evidence.map(({ message, range }) => [range?.start.line, message])).toEqual([[0, 'kprobe:tcp_connect with arg0 = 0xffff888000000000, skc_dport = 0x5000'], [1, '$dport = 20480'], [2, 'holds'], [2, 'violated: asserted 80']]);
});

it('what the real program did is told where it did the same', () => {
  const verdict = (outcome: 'ran' | 'not-possible'): Verdict => ({ property: 'contract', span: at('$dport == 80'), says: '$dport == 80', result: { kind: 'refuted', counterexample: { events: [EVENT], real: { outcome, says: 'the real program did the same on local: it returned XDP_DROP' } } } });
  expect(told(verdict('ran'))[0]?.message).toMatch(/asserted 80 \(The real program did the same on local: it returned XDP_DROP\.\)$/);
  expect(told(verdict('not-possible'))[0]?.message).toMatch(/asserted 80$/);
  expect(proofsOf([verdict('not-possible')], LINES)[0]?.counterexample?.real?.outcome).toBe('not-possible');
});

it('a built-in property is a warning, and numbers of several events are told apart', () => {
  const [found] = told(refuted('absent-entry', '$dport);', [EVENT, EVENT]));
  expect(found).toMatchObject({ code: 'absent-entry', severity: 'warning' });
  expect(found?.message).toContain('after kprobe:tcp_connect: ');
  expect(Object.keys(found?.counterexample?.inputs ?? {})).toContain('2. arg0');
});

it('what was meant is offered where that is known', () => {
  const [found] = told(refuted('network-order', '$dport'));
  expect(found?.repairs).toMatchObject([{ title: 'Write bswap($dport)', sure: false }]);
});

it('a clause that is unknown says why; of other properties only what somebody can do something about', () => {
  const unknown = (property: string, reason: 'bound' | 'crashed'): Verdict => ({ property, span: at('$dport == 80'), says: '$dport == 80', result: { kind: 'unknown', reason, detail: '' } });
  expect(told(unknown('contract', 'bound'))).toMatchObject([{ code: 'unproved', severity: 'info', message: expect.stringContaining('Bound: no violation') as string }]);
  expect(told(unknown('lossy-cast', 'bound'))).toEqual([]);
  expect(told(unknown('lossy-cast', 'crashed'))).toHaveLength(1);
});

it('a proof is no finding; it is counted and says on what it rests', () => {
  const verdict: Verdict = { property: 'contract', span: at('$dport == 80'), says: 'x', result: { kind: 'proved', by: 'induction', invariants: ['@start[k] <= now'] } };
  expect(told(verdict)).toEqual([]);
  const proofs = proofsOf([verdict, refuted('contract', '$dport == 80')], LINES);
  expect(proofs.map(verdictText)).toEqual(['proved (induction; keeps @start[k] <= now)', 'refuted']);
  expect(tallyText(tally(proofs))).toBe('1 proved · 1 refuted');
});

it('what a lint suspects and a proof shows is told once, with the values and the repairs of the lint', () => {
  const shown = told(refuted('network-order', '$dport);'));
  const range = shown[0]?.range ?? LINES.range({ start: 0, end: 0 });
  const lint = { check: 'semantics', code: 'network-byte-order', severity: 'warning', message: 'suspected', range, evidence: [], repairs: [{ title: 'turn it round', sure: true, edits: [] }] } as const;
  const all = allFindings([{ check: 'semantics', findings: [lint], ms: 0 }, { check: 'contract', findings: shown, ms: 0 }]);
  expect(all.map(({ code, repairs }) => [code, repairs.map(({ title }) => title)])).toEqual([['network-order', ['Write bswap($dport);)', 'turn it round']]]);
});

it('engines that contradict each other leave it unknown; one alone is believed', () => {
  const proven: Verdict = { ...refuted('contract', '$dport == 80'), result: { kind: 'proved', by: 'always', invariants: [] } };
  const open: Verdict = { ...proven, result: { kind: 'unknown', reason: 'time-out', detail: '' } };
  const [no] = [refuted('contract', '$dport == 80')];
  expect(compared([proven], [no]).map(({ result }) => result)).toMatchObject([{ kind: 'unknown', reason: 'disagreement' }]);
  expect(compared([open], [no])).toEqual([no]);
  expect(compared([proven], [open])).toEqual([proven]);
  expect(compared([open], [proven])).toEqual([open]);
  const short: Verdict = { ...proven, result: { kind: 'proved', by: 'events', events: 1, invariants: [] } };
  const late = refuted('contract', '$dport == 80', [EVENT, EVENT]);
  expect([compared([late], [short]), compared([no], [short]).map(({ result }) => result.kind)]).toEqual([[late], ['unknown']]);
});

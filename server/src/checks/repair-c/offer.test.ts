import { expect, it } from 'vitest';
import { emptyRange } from '../../base/range.ts';
import { finding, type Finding, type Repair } from '../finding.ts';
import { withRepairs, type Explained } from './offer.ts';

const explained = (program: string): Explained => ({
  finding: finding('load', 'null-check', 'error', program, emptyRange),
  explanation: { class: 'null-check', message: program, program, complaint: program, cause: { text: program }, rejected: { text: program }, rejectedNote: '', need: { kind: 'other' }, trail: [], tail: [] },
});
const states = (findings: readonly Finding[]): string[] => findings.map(({ repairs }) => repairs.map(({ sure, trying }) => (sure ? 'sure' : trying ? 'trying' : 'suggested')).join());

it('tells what is offered before anything was tried, and each rejection as soon as its repairs were', async () => {
  const told: string[][] = [];
  const offered: Repair = { title: 'Test it', sure: false, edits: [{ range: emptyRange, newText: '!' }] };
  const all = ['a', 'b', 'c', 'd', 'e'].map(explained);
  let tried = 0;
  const prover = { repairs: () => [offered], judge: () => Promise.resolve({ kind: tried++ === 0 ? 'loaded' as const : 'broken' as const }) };
  const findings = await withRepairs('text', all, prover, (found) => void told.push(states(found)));
  // Of the fifth nothing is tried.
  expect(told).toEqual([
    ['trying', 'trying', 'trying', 'trying', 'suggested'],
    ['sure', 'trying', 'trying', 'trying', 'suggested'],
    ['sure', '', 'trying', 'trying', 'suggested'],
    ['sure', '', '', 'trying', 'suggested'],
  ]);
  expect(states(findings)).toEqual(['sure', '', '', '', 'suggested']);
});

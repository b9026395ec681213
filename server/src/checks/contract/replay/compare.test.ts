import { expect, it } from 'vitest';
import type { Execution } from '../../../contracts/ir/interpret.ts';
import { bits, type IrHandler } from '../../../contracts/ir/ir.ts';
import { RESULT } from '../../../contracts/verdict.ts';
import { bytesOf, hexOf, numberOf } from './bytes.ts';
import { differenceOf, pinnedName, resultText } from './compare.ts';
import { kindOf } from './kinds.ts';
import type { RealObject } from './object.ts';
import type { JobResult, RealEntry } from './plan.ts';
import { settingOf, type Possible } from './possible.ts';

const span = { start: 0, end: 0 };
const OBJECT: RealObject = {
  sections: new Map([['f', 'xdp']]),
  maps: new Map([['seen', { name: 'seen', kind: 'hash', keyBytes: 4, valueBytes: 8, entries: 8 }], ['slots', { name: 'slots', kind: 'array', keyBytes: 4, valueBytes: 8, entries: 2 }]]),
  variables: new Map([['begin', { section: '.data', offset: 4, initial: Uint8Array.from([5, 0, 0, 0]) }]]),
  constant: () => undefined,
  acting: [],
};
const f: IrHandler = { name: 'f', span, body: [] };
const maps = [{ name: 'seen', key: 32, value: 64 }, { name: 'slots', key: 32, value: 64 }, { name: 'begin', key: 1, value: 32 }];
const SETTING = settingOf({ maps, handlers: [f] }, new Map([['f', [{ kind: 'set', name: RESULT, value: bits(1, 64), span }]]]), OBJECT);

/** What is computed: the result, and what maps hold. */
function computed(result: bigint, held: Readonly<Record<string, readonly (readonly [bigint, bigint])[]>> = {}): Execution {
  const contents = maps.map(({ name }): [string, Map<bigint, bigint>] => [name, new Map(held[name] ?? [])]);
  return { ending: { kind: 'done' }, violations: [], reached: new Set(), readings: [], steps: [{ event: 0, span, name: RESULT, width: 64, value: result }], maps: new Map(contents) };
}

const entry = (key: bigint, ...values: readonly bigint[]): RealEntry => ({ key: bytesOf(key, 4), values: values.map((value) => bytesOf(value, 8)) });
const real = (result: bigint, held: Readonly<Record<string, readonly RealEntry[]>> = {}): JobResult => ({ returned: [result], maps: new Map(Object.entries(held)) });
const difference = (expected: readonly Execution[], result: JobResult): string | undefined => differenceOf(SETTING, { kind: 'possible', events: [{ handler: 'f', reads: new Map() }], from: 0, presets: [], expected, unchosen: [] } satisfies Possible, result);

it('numbers are bytes with the least significant first', () => {
  expect([numberOf(Uint8Array.from([1, 2])), [...bytesOf(0x201n, 3)], hexOf(bytesOf(0xa01n, 2))]).toEqual([0x201n, [1, 2, 0], '01 0a']);
});

it('results are told by their names, and compared as 32 bits', () => {
  expect([resultText(1n, kindOf('xdp')), resultText(0xffff_ffffn, kindOf('tc')), resultText(0xffff_fffen, undefined)]).toEqual(['XDP_DROP', 'TC_ACT_UNSPEC', '-2']);
  expect(difference([computed(0xffff_ffff_ffff_ffffn)], real(0xffff_ffffn))).toBeUndefined();
  expect(difference([computed(2n)], real(1n))).toBe('it returned XDP_DROP, and XDP_PASS was computed');
});

it('what depends on more than the input is not compared', () => {
  expect(difference([computed(2n), computed(3n)], real(1n))).toBeUndefined();
  expect(difference([computed(1n, { seen: [[1n, 7n]] }), computed(1n, { seen: [[1n, 8n]] })], real(1n, { seen: [] }))).toBeUndefined();
});

it('entries of a hash are all there, and no others', () => {
  const expected = [computed(1n, { seen: [[1n, 7n]] })];
  expect(difference(expected, real(1n, { seen: [entry(1n, 7n)] }))).toBeUndefined();
  expect(difference(expected, real(1n, { seen: [entry(1n, 0n, 7n)] }))).toBeUndefined();
  for (const seen of [[], [entry(1n, 8n)], [entry(1n, 7n), entry(2n, 0n)]]) expect(difference(expected, real(1n, { seen }))).toBe('seen holds something else than what was computed');
});

it('slots of an array are 0 before they are written', () => {
  const expected = [computed(1n, { slots: [[1n, 7n]] })];
  expect(difference(expected, real(1n, { slots: [entry(0n, 0n), entry(1n, 7n)] }))).toBeUndefined();
  expect(difference(expected, real(1n, { slots: [entry(0n, 9n), entry(1n, 7n)] }))).toContain('slots');
});

it('variables are parts of their section, and what they were in the beginning counts', () => {
  const section = (value: number): Readonly<Record<string, readonly RealEntry[]>> => ({ kgent_data: [{ key: bytesOf(0n, 4), values: [Uint8Array.from([9, 9, 9, 9, value, 0, 0, 0])] }] });
  expect([difference([computed(1n, { begin: [[0n, 3n]] })], real(1n, section(6))), difference([computed(1n)], real(1n, section(5)))]).toEqual([undefined, undefined]);
  expect(difference([computed(1n)], real(1n, section(6)))).toContain('begin');
});

it('sections are pinned under names without dots', () => {
  expect(['.bss', '.data', '.data.mine'].map(pinnedName)).toEqual(['kgent_bss', 'kgent_data', '_data_mine']);
});

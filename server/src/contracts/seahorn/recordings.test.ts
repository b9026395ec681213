import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readCounterexample } from './counterexample.ts';
import { readSeahorn } from './read.ts';

const root = join(import.meta.dirname, '../../../../test-fixtures/seahorn');
const read = (name: string, file: string): string => readFileSync(join(root, name, file), 'utf8');
const result = (name: string): ReturnType<typeof readSeahorn> => readSeahorn({ stdout: read(name, 'stdout.txt'), stderr: read(name, 'stderr.txt'), exitCode: Number(read(name, 'exit.txt')) });
const brief = (name: string): string => {
  const found = result(name);
  return found.verdict === 'unknown' ? found.reason : found.verdict === 'refuted' ? `refuted ${found.line ?? 'by a check of its own'}` : 'proved';
};

/** Each recorded run, by hand: what its program means and what SeaHorn could say of it. */
const EXPECTED: Readonly<Record<string, string>> = {
  '01-port-ntohs-missing': 'refuted 14', '02-port-ntohs-present': 'proved', '03-family-len-wrong': 'refuted 14', '04-family-len-ok': 'proved',
  '05-null-unchecked': 'refuted 11', '06-null-checked': 'proved', '07-div-by-zero': 'refuted 10', '08-div-guarded': 'nothing-to-prove',
  '09-threshold-off-by-one': 'refuted 16', '10-threshold-ok': 'proved', '11-array-oob': 'refuted 15', '12-array-ok': 'proved',
  '13-signed-retval': 'refuted 9', '14-signed-retval-ok': 'proved', '15-ts-start-missing': 'refuted 14', '16-ts-start-checked': 'proved',
  '17-ts-underflow': 'refuted 9', '18-map-lookup-null': 'refuted 20', '19-map-lookup-ok': 'proved', '20-loop-sum-wrong': 'refuted 13',
  '21-loop-sum-ok': 'proved', '22-many-asserts': 'refuted 17', '23-comm-compare': 'refuted 10', '24-event-sequence': 'refuted 23',
  '25-event-sequence-ok': 'time', '26-event-sequence-scalar': 'proved', '30-compile-error': 'compile', '31-no-assert': 'nothing-to-prove',
  '32-trivially-false': 'refuted 4', '33-vacuous': 'vacuous', '34-timeout': 'proved', '35-unbounded-loop': 'refuted 8',
  '36-no-main': 'refuted 5', '37-implicit-div0': 'proved', '38-implicit-null': 'refuted by a check of its own', '39-implicit-oob': 'refuted by a check of its own',
  '40-struct-havoc': 'refuted 11', '41-struct-return': 'refuted 8', '42-two-failures': 'refuted 7', '43-bound-too-small': 'bound',
  '44-assert-in-helper': 'refuted 6', '45-libc-calls': 'refuted 11', '46-uninit': 'nothing-to-prove', '47-mod-hash': 'nothing-to-prove',
};

it('all runs are expected, and none else', () => expect(readdirSync(root).filter((name) => /^\d/.test(name)).sort()).toEqual(Object.keys(EXPECTED)));
it.each(Object.entries(EXPECTED))('%s: %s', (name, expected) => expect(brief(name)).toBe(expected));

const notes = z.object({ inputs: z.record(z.string(), z.object({ unsigned: z.array(z.union([z.number(), z.string()])) })) });
const withInputs = Object.keys(EXPECTED).filter((name) => existsSync(join(root, name, 'cex.ll')) && !/[^.\d]\d{16,}/.test(read(name, 'cex.json')));
it('most refuted runs left inputs', () => expect(withInputs.length).toBeGreaterThan(15));
describe('inputs of a counterexample, in the order of the calls', () => {
  it.each(withInputs)('%s', (name) => {
    const { inputs } = notes.parse(JSON.parse(read(name, 'cex.json')));
    const expected = Object.entries(inputs).map(([input, { unsigned }]): [string, bigint[]] => [input, unsigned.map(BigInt)]);
    expect([...readCounterexample(read(name, 'cex.ll'))].sort()).toEqual(expected.sort());
  });
  it('numbers of 64 bits are exact', () => {
    expect(readCounterexample('@0 = private constant [2 x i64] [i64 1311673434421329920, i64 -2048]\n\ndefine i64 @nd_x() {\nentry:\n  %2 = call i64 @__seahorn_get_value_i64(i32 %0, i64* getelementptr inbounds ([2 x i64], [2 x i64]* @0, i32 0, i32 0), i32 2)\n  ret i64 %2\n}\n')).toEqual(new Map([['nd_x', [1311673434421329920n, 18446744073709549568n]]]));
  });
});

it('a line is vacuous only when all its copies are', () => {
  expect(result('24-event-sequence').lines).toEqual([{ line: 23, verdict: 'refuted' }]);
  expect(result('26-event-sequence-scalar').lines).toEqual([{ line: 20, verdict: 'proved' }]);
  expect(result('33-vacuous').lines).toEqual([{ line: 8, verdict: 'vacuous' }]);
});

it.each<[string, string, string, number | undefined, object]>([
  ['a word that only contains a verdict is none', 'unsatisfied\nsaturated\n', '', 0, { verdict: 'unknown', reason: 'crash' }],
  ['the solver died', '', '', 245, { verdict: 'unknown', reason: 'crash' }],
  ['it was killed', 'half a li', '', undefined, { verdict: 'unknown', reason: 'crash' }],
  ['the solver gave up', 'unknown\n', '', 0, { verdict: 'unknown', reason: 'solver' }],
  ['lines ended as on Windows', 'unsat\r\n', '', 0, { verdict: 'proved' }],
  ['nothing at all', '', '', 0, { verdict: 'unknown', reason: 'crash' }],
])('%s', (_, stdout, stderr, exitCode, expected) => expect(readSeahorn({ stdout, stderr, exitCode })).toMatchObject(expected));

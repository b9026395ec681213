import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Version } from '../../src/base/version.ts';
import { translateBpftrace } from '../../src/contracts/bpftrace/translate.ts';
import { interpret } from '../../src/contracts/ir/interpret.ts';
import { analyzed } from '../support/analyzed.ts';
import { required } from '../support/local.ts';

/** Numbers from a seed: the same on each machine. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(n: number): number {
    this.#state = (Math.imul(this.#state, 1_103_515_245) + 12_345) >>> 0;
    return (this.#state >>> 8) % n;
  }

  of<T>(all: readonly T[]): T {
    const one = all[this.below(all.length)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  }
}

/** 0.17 extends what was cast by the sign of the next type it is cast to: there only signed types and the widest one are cast to. */
const SIGNED = ['int8', 'int16', 'int32', 'uint64', 'int64'];
const TYPES = ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'uint64', 'int64'];
const VALUES = ['0', '1', '2', '7', '-1', '-7', '100', '-100', '255', '1000', '65535', '0x7fffffff', '0xfffffff0', '0x123456789abc', '-5000000000'];
const VARIABLES = Array.from({ length: 16 }, (_, i) => ({ name: `$v${i}`, type: TYPES[i % TYPES.length] ?? '', value: VALUES[(i * 7 + 3) % VALUES.length] ?? '' }));

/** An integer expression. */
function integer(random: Random, depth: number, casts: readonly string[]): string {
  if (depth === 0) return random.below(4) === 0 ? random.of(['1', '3', '8', '200', '70000']) : random.of(VARIABLES).name;
  const inner = (): string => integer(random, depth - 1, casts);
  switch (random.below(8)) {
    case 0:
      return `(${random.of(casts)})(${random.of(VARIABLES).name} + ${inner()})`;
    case 1:
      return `(${truth(random)} ? (int64)(${inner()}) : (int64)(${inner()}))`;
    case 2:
      return `(${random.of(['~', '-'])}${random.of(VARIABLES).name})`;
    case 3:
      return `(${random.of(VARIABLES).name} ${random.of(['<<', '>>'])} (uint64)${random.of(['1', '5', '31', '63'])})`;
    default:
      return `(${random.of(VARIABLES).name} ${random.of(['+', '-', '*', '&', '|', '^', '/', '%'])} ${inner()})`;
  }
}

/** A comparison. Not of differences: 0.27 takes them for signed whatever their operands are, here they are what bpftrace took them for before. */
function truth(random: Random): string {
  const term = (): string => random.below(3) > 0 ? random.of(VARIABLES).name : `(${random.of(VARIABLES).name} ${random.of(['+', '*', '&', '|', '^', '/', '%', '<<'])} ${random.of([...VARIABLES.map(({ name }) => name), '5', '3'])})`;
  const [a, b] = [term(), random.of([term(), ...VARIABLES.map(({ name }) => name), '5', '100', '0'])];
  const comparison = `${a} ${random.of(['<', '<=', '>', '>=', '==', '!='])} ${b}`;
  return random.below(3) === 0 ? `(${comparison} ${random.of(['&&', '||'])} !${random.of(VARIABLES).name})` : `(${comparison})`;
}

const EXPRESSIONS = 40;

function expressions(seed: number, casts: readonly string[]): string[] {
  const random = new Random(seed);
  return Array.from({ length: EXPRESSIONS }, (_, i) => (i % 3 === 0 ? truth(random) : integer(random, 1 + (i % 2), casts)));
}

const SETTING = VARIABLES.map(({ name, type, value }) => `@${name.slice(1)} = (${type})${value}; ${name} = @${name.slice(1)};`).join('\n');

async function measured(command: string, all: readonly string[]): Promise<bigint[]> {
  const dir = mkdtempSync(join(tmpdir(), 'kgent-arithmetic-'));
  try {
    const file = join(dir, 'a.bt');
    writeFileSync(file, `BEGIN {\n${SETTING}\n${all.map((expr, i) => `printf("${i} %lld\\n", (int64)${expr});`).join('\n')}\nexit(); }`);
    const { stdout } = await promisify(execFile)(command, [file], { timeout: 60_000, maxBuffer: 1 << 24 });
    const lines = new Map([...stdout.matchAll(/^(\d+) (-?\d+)$/gm)].map(([, i, value]) => [Number(i), BigInt(value ?? 0)]));
    return all.map((_, i) => lines.get(i) ?? -1n << 70n);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function interpreted(version: Version, all: readonly string[]): bigint[] {
  const { program, unsupported } = translateBpftrace(analyzed(`BEGIN {\n${SETTING}\n${all.map((expr, i) => `@r${i} = (int64)${expr};`).join('\n')} }`, version).analysis);
  expect(unsupported).toEqual([]);
  const { maps } = interpret(program, [{ handler: program.handlers[0]?.name ?? '', reads: new Map() }]);
  return all.map((_, i) => BigInt.asIntN(64, maps.get(`@r${i}`)?.get(0n) ?? -1n << 70n));
}

describe.each<[name: string, version: Version, command: () => string]>([
  ['0.17', [0, 17, 0], () => 'bpftrace'],
  ['0.27', [0, 27, 1], () => required('KGENT_TEST_BPFTRACE_NEW')],
])('expressions as bpftrace %s computes them and as they are proved', (_, version, command) => {
  it.each([1, 2])('seed %d', async (seed) => {
    const all = expressions(seed, version[1] === 17 ? SIGNED : TYPES);
    const [real, ours] = [await measured(command(), all), interpreted(version, all)];
    const different = all.flatMap((expr, i) => (real[i] === ours[i] ? [] : [`${expr}: bpftrace ${real[i] ?? ''}, here ${ours[i] ?? ''}`]));
    expect(different).toEqual([]);
  }, 120_000);
});

import { apply, bits, CLOCK_BITS, looksBack, not, type IrExpr, type IrInvariant, type IrMap, type IrProgram } from '../ir/ir.ts';
import { usesOf, usesOfExpr, type Uses } from './uses.ts';

/** What might hold for every entry of a map between events. */
export interface Candidate {
  readonly map: string;
  /** Over `key` and `value`. */
  readonly condition: IrExpr;
  readonly words: string;
  /** Whether it may stop to hold by the passing of time alone. */
  readonly ages: boolean;
  /** A guess at which numbers there are. */
  readonly isRange?: true;
  /** It speaks of what was before an event: it is no help in what comes. */
  readonly looksBack?: true;
  /** The maps it speaks of. */
  readonly maps: ReadonlySet<string>;
  /** The user's. */
  readonly invariant?: IrInvariant;
}

/** Numbers that a program compares with and that values of maps are compared with in turn: at most this many. */
const CONSTANTS = 8;
/** Widths that values are often cut to. */
const WIDTHS = [1, 8, 16, 31, 32, 63];

const key = (width: number): IrExpr => ({ kind: 'variable', name: 'key', width });

/** For each map that is not in `unknown`: of those nothing is known. */
export function candidatesOf(program: IrProgram, unknown: ReadonlySet<string>): readonly Candidate[] {
  const uses = program.handlers.map(({ body }) => usesOf(body));
  const own = (program.invariants ?? []).map((invariant): Candidate => {
    const { names, read } = usesOfExpr(invariant.condition);
    return { map: invariant.map, condition: invariant.condition, words: invariant.says ?? '', ages: names.size > 0 || looksBack(invariant.condition), ...(looksBack(invariant.condition) && { looksBack: true }), maps: new Set([invariant.map, ...read]), invariant };
  });
  const guessed = program.maps.flatMap((map) => ofMap(program, map, uses));
  return [...own, ...guessed].filter(({ maps }) => ![...maps].some((map) => unknown.has(map)));
}

function ofMap(program: IrProgram, map: IrMap, uses: readonly Uses[]): readonly Candidate[] {
  const made = (condition: IrExpr, words: string, others: readonly string[] = []): Candidate => ({ map: map.name, condition, words, ages: false, maps: new Set([map.name, ...others]) });
  const constants = [...new Set(uses.filter(({ read, written }) => read.has(map.name) || written.has(map.name)).flatMap(({ compared }) => [...compared]))].slice(0, CONSTANTS);
  return [
    ...partsOf(map).flatMap((part) => ofPart(program, part).map(([condition, words]) => made(condition, words))),
    ...partsOf(map).flatMap((part) => rangesOf(part, constants).map(([condition, words]): Candidate => ({ ...made(condition, words), isRange: true }))),
    ...ofKey(map).map(([condition, words]) => made(condition, words)),
    ...program.maps.filter((other) => other.name !== map.name && other.key === map.key).flatMap((other) => together(map, other).map(([condition, words]) => made(condition, words, [other.name]))),
  ];
}

interface Part {
  readonly value: IrExpr;
  readonly name: string;
  readonly width: number;
}

/** A value, or, when it is wider than a number, its words. */
function partsOf({ name, value: width }: IrMap): readonly Part[] {
  const value: IrExpr = { kind: 'variable', name: 'value', width };
  if (width <= 64) return [{ value, name: `${name}[…]`, width }];
  const parts = [64, 32].flatMap((size) => Array.from({ length: Math.floor(width / size) }, (_, n): Part => ({ value: { kind: 'apply', op: 'extract', width: size, low: n * size, args: [value] }, name: `${name}[…] (bytes ${(n * size) / 8} to ${((n + 1) * size) / 8})`, width: size })));
  return parts.slice(0, 12);
}

function ofPart({ clocks = [] }: IrProgram, { value, name, width }: Part): readonly (readonly [IrExpr, string])[] {
  const wide = width < CLOCK_BITS ? apply('zext', CLOCK_BITS, value) : value;
  return [
    [not(apply('eq', 'bool', value, bits(0n, width))), `${name} is not 0`],
    ...clocks.map((clock): readonly [IrExpr, string] => [apply('ule', 'bool', wide, { kind: 'read', name: clock, width: CLOCK_BITS }), `${name} <= ${clock}`]),
  ];
}

function rangesOf({ value, name, width }: Part, constants: readonly bigint[]): readonly (readonly [IrExpr, string])[] {
  const fitting = constants.filter((constant) => constant > 0n && constant < 1n << BigInt(width));
  return [
    ...WIDTHS.filter((size) => size < width).map((size): readonly [IrExpr, string] => [apply('ult', 'bool', value, bits(1n << BigInt(size), width)), size === 63 || size === 31 ? `${name} is not negative` : `${name} has ${size} bits`]),
    ...fitting.flatMap((constant): readonly (readonly [IrExpr, string])[] => [
      [apply('ule', 'bool', value, bits(constant, width)), `${name} <= ${constant}`],
      [apply('ult', 'bool', value, bits(constant, width)), `${name} < ${constant}`],
      [apply('ule', 'bool', bits(constant, width), value), `${name} >= ${constant}`],
    ]),
  ];
}

/** The value is the key, or a piece of it. */
function ofKey(map: IrMap): readonly (readonly [IrExpr, string])[] {
  const value: IrExpr = { kind: 'variable', name: 'value', width: map.value };
  const pieces = [64, 32].filter((size) => size <= map.value && map.value <= 64).flatMap((size) =>
    Array.from({ length: Math.floor(map.key / size) }, (_, n): IrExpr => {
      const piece: IrExpr = map.key === size ? key(size) : { kind: 'apply', op: 'extract', width: size, low: n * size, args: [key(map.key)] };
      return size === map.value ? piece : apply('zext', map.value, piece);
    }),
  );
  return [...pieces.map((piece): readonly [IrExpr, string] => [apply('eq', 'bool', value, piece), `${map.name}[k] is ${map.key <= 64 ? 'k' : 'a part of k'}`]), ...keyInside(map, value)];
}

/** Where structs keep their own key: fields of its width that are looked at. */
const KEY_FIELDS = 4;

function keyInside(map: IrMap, value: IrExpr): readonly (readonly [IrExpr, string])[] {
  if ((map.key !== 32 && map.key !== 64) || map.value <= map.key) return [];
  return Array.from({ length: Math.min(KEY_FIELDS, Math.floor(map.value / map.key)) }, (_, n) => [apply('eq', 'bool', { kind: 'apply', op: 'extract', width: map.key, low: n * map.key, args: [value] }, key(map.key)), `a field of ${map.name}[k] is k`]);
}

/** What two maps with the same keys may have to do with each other. */
function together(map: IrMap, other: IrMap): readonly (readonly [IrExpr, string])[] {
  const here: IrExpr = { kind: 'variable', name: 'value', width: map.value };
  const there: IrExpr = { kind: 'entry', map: other.name, key: key(map.key) };
  const names = `${map.name}[k] <= ${other.name}[k]`;
  return [
    [{ kind: 'present', map: other.name, key: key(map.key) }, `an entry of ${map.name} has one of ${other.name}`],
    ...(map.value === other.value ? ([[apply('ule', 'bool', here, there), names]] as const) : []),
  ];
}

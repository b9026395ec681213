import type { Span } from '../../base/span.ts';
import type { Op } from '../terms/term.ts';

/** Bits of a clock. */
export const CLOCK_BITS = 64;
/** No clock gets there: 146 years in nanoseconds. What is reckoned with times has room above. */
export const CLOCK_END = 1n << 62n;
/** What is added at one event, at most, for a total of 64 bits never to run over: three days in nanoseconds, 256 TiB. */
export const MOST_AT_ONCE = 1n << 48n;

/** Bits of a value, or a truth value. */
export type Width = number | 'bool';

/** Operations of terms that a program may use; arrays are its maps. */
export type IrOp = Exclude<Op, 'const' | 'input' | 'select' | 'store' | 'filled'>;

export type IrExpr =
  | { readonly kind: 'const'; readonly width: Width; readonly value: bigint }
  /** A variable of the handler; 0 before it is set. */
  | { readonly kind: 'variable'; readonly name: string; readonly width: Width }
  /**
   * What is read from outside: an argument, the time, a field of the kernel's. Within one event the same name gives the same value; with `of`, the
   * pointer it is read through, the same name through the same address.
   */
  | { readonly kind: 'read'; readonly name: string; readonly width: Width; readonly of?: IrExpr }
  /** An entry of a map: 0 where there is none. `before`: as it was before the event, in invariants. */
  | { readonly kind: 'entry'; readonly map: string; readonly key: IrExpr; readonly before?: true }
  | { readonly kind: 'present'; readonly map: string; readonly key: IrExpr; readonly before?: true }
  /** `low`: of `extract`. */
  | { readonly kind: 'apply'; readonly op: IrOp; readonly width: Width; readonly args: readonly IrExpr[]; readonly low?: number };

export type IrStmt =
  | { readonly kind: 'set'; readonly name: string; readonly value: IrExpr; readonly span: Span }
  | { readonly kind: 'put'; readonly map: string; readonly key: IrExpr; readonly value: IrExpr; readonly span: Span }
  | { readonly kind: 'remove'; readonly map: string; readonly key: IrExpr; readonly span: Span }
  /** `keys`: its entries stay, and hold 0. */
  | { readonly kind: 'clear'; readonly map: string; readonly keys?: 'stay'; readonly span: Span }
  | { readonly kind: 'if'; readonly condition: IrExpr; readonly then: readonly IrStmt[]; readonly otherwise: readonly IrStmt[]; readonly span: Span }
  /** Goes on while the condition holds; looked at for `limit` rounds. */
  | { readonly kind: 'loop'; readonly condition: IrExpr; readonly body: readonly IrStmt[]; readonly limit: number; readonly span: Span }
  | { readonly kind: 'assume'; readonly condition: IrExpr; readonly span: Span }
  /** `span` is the clause, or the expression that a built-in property is about; `says` is the condition in words. */
  | { readonly kind: 'assert'; readonly condition: IrExpr; readonly property: string; readonly span: Span; readonly says?: string }
  /** Leaves the handler. */
  | { readonly kind: 'leave'; readonly span: Span };

/** Variables whose names begin so are none of the program's own: a counterexample does not show them. */
export const UNNAMED = '%';

export interface IrMap {
  readonly name: string;
  /** Bits of its key, all parts together; a map without a key has one of 1 bit. */
  readonly key: number;
  readonly value: number;
  /** Its values are kept as what differs (`xor`) from this: a variable that is not 0 in the beginning. People are shown what it holds. */
  readonly from?: bigint;
}

/**
 * Holds for every entry of a map between events, also for those that a handler did not touch. One that speaks of what was before an event is asked
 * of the entries that were there already.
 */
export interface IrInvariant {
  readonly map: string;
  /** Over the variables `key` and `value`, other maps, and the clocks, which are read as what they last were. */
  readonly condition: IrExpr;
  readonly property: string;
  readonly span: Span;
  readonly says?: string;
}

/** How a person is shown a value. */
export interface Shown {
  readonly signed?: boolean;
  readonly base?: 10 | 16;
  /** Names of values, of an enum's members. */
  readonly names?: ReadonlyMap<bigint, string>;
}

/** What runs for one event. */
export interface IrHandler {
  readonly name: string;
  readonly span: Span;
  readonly body: readonly IrStmt[];
  /** Runs once and before all others, as `BEGIN` does; several do so in their order. */
  readonly first?: true;
}

/** A program that is verified: handlers whose events come in any order and number, and maps that they share, empty in the beginning. */
export interface IrProgram {
  readonly maps: readonly IrMap[];
  readonly handlers: readonly IrHandler[];
  readonly invariants?: readonly IrInvariant[];
  /** Reads that are above 0 and never decrease from event to event: `nsecs`. */
  readonly clocks?: readonly string[];
  /** How reads, variables and maps are shown, by name; unsigned decimals when absent. */
  readonly shown?: ReadonlyMap<string, Shown>;
}

export const bits = (value: bigint | number, width: number): IrExpr => ({ kind: 'const', width, value: BigInt.asUintN(width, BigInt(value)) });
export const truth = (value: boolean): IrExpr => ({ kind: 'const', width: 'bool', value: value ? 1n : 0n });
export const apply = (op: IrOp, width: Width, ...args: readonly IrExpr[]): IrExpr => ({ kind: 'apply', op, width, args });
export const not = (condition: IrExpr): IrExpr => apply('negate', 'bool', condition);

/** Throws for a map the program does not have: a defect of who made it. */
export function mapOf({ maps }: IrProgram, name: string): IrMap {
  const map = maps.find((one) => one.name === name);
  if (!map) throw new TypeError(`there is no map ${name}`);
  return map;
}

/** Whether an invariant speaks of what was before the event. */
export function looksBack(expr: IrExpr): boolean {
  if (expr.kind === 'entry' || expr.kind === 'present') return expr.before === true || looksBack(expr.key);
  if (expr.kind === 'apply') return expr.args.some(looksBack);
  return expr.kind === 'read' && expr.of !== undefined && looksBack(expr.of);
}

export function widthOf(program: IrProgram, expr: IrExpr): Width {
  if (expr.kind === 'entry') return mapOf(program, expr.map).value;
  return expr.kind === 'present' ? 'bool' : expr.width;
}

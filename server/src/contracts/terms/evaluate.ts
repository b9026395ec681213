import { compare, compute, toSigned, wrap } from './bits.ts';
import { ARITHMETIC, ORDER, widthOf, type Arithmetic, type Order, type Term } from './term.ts';

/** What an array holds: a value everywhere, and others at some keys. */
export interface ArrayValue {
  readonly rest: bigint;
  readonly at: ReadonlyMap<bigint, bigint>;
}

/** A bit-vector as an unsigned number, truth as 1n and 0n. */
export type Value = bigint | ArrayValue;

const arithmetic: ReadonlySet<string> = new Set(ARITHMETIC);
const order: ReadonlySet<string> = new Set(ORDER);

export function isArithmetic(op: string): op is Arithmetic {
  return arithmetic.has(op);
}

export function isOrder(op: string): op is Order {
  return order.has(op);
}

/** Values of terms for values of their inputs; an input that is not given is 0, and an array of zeros. */
export class Evaluation {
  readonly #inputs: ReadonlyMap<string, Value>;
  readonly #known = new Map<Term, Value>();

  constructor(inputs: ReadonlyMap<string, Value>) {
    this.#inputs = inputs;
  }

  /** The value of a bit-vector or truth value. */
  of(term: Term): bigint {
    const value = this.#value(term);
    if (typeof value !== 'bigint') throw new TypeError('an array has no number');
    return value;
  }

  holds(term: Term): boolean {
    return this.of(term) !== 0n;
  }

  array(term: Term): ArrayValue {
    const value = this.#value(term);
    if (typeof value === 'bigint') throw new TypeError('a number is no array');
    return value;
  }

  /** With a stack of our own: terms of unrolled loops are deeper than the engine's. */
  #value(root: Term): Value {
    const todo = [root];
    for (let term = todo.at(-1); term; term = todo.at(-1)) {
      const open = this.#known.has(term) ? [] : term.args.filter((arg) => !this.#known.has(arg));
      if (open.length > 0) todo.push(...open);
      else {
        if (!this.#known.has(term)) this.#known.set(term, this.#apply(term));
        todo.pop();
      }
    }
    return this.#known.get(root) ?? 0n;
  }

  #apply(term: Term): Value {
    const values = term.args.map((arg) => this.#known.get(arg) ?? 0n);
    if (term.op === 'const') return term.value ?? 0n;
    if (term.op === 'input') return this.#inputs.get(term.name ?? '') ?? (typeof term.sort === 'object' ? { rest: 0n, at: new Map() } : 0n);
    if (term.op === 'ite') return (values[0] === 0n ? values[2] : values[1]) ?? 0n;
    return withArrays(term, values) ?? applied(term, values.map((value) => (typeof value === 'bigint' ? value : 0n)));
  }
}

function withArrays(term: Term, [first = 0n, key = 0n, value = 0n]: readonly Value[]): Value | undefined {
  if (term.op === 'filled') return { rest: typeof first === 'bigint' ? first : 0n, at: new Map() };
  if (typeof first === 'bigint' || typeof key !== 'bigint') return undefined;
  if (term.op === 'select') return first.at.get(key) ?? first.rest;
  if (term.op !== 'store' || typeof value !== 'bigint') return undefined;
  return { rest: first.rest, at: new Map([...first.at, [key, value]]) };
}

const truth = (holds: boolean): bigint => (holds ? 1n : 0n);

/** An operation on numbers. */
export function applied(term: Pick<Term, 'op' | 'args' | 'sort' | 'low'>, values: readonly bigint[]): bigint {
  const { op, args, sort } = term;
  const [a = 0n, b = 0n] = values;
  const [first] = args;
  const width = first && typeof first.sort === 'number' ? first.sort : 1;
  if (isArithmetic(op)) return compute(op, a, b, width);
  if (isOrder(op)) return truth(compare(op, a, b, width));
  const to = typeof sort === 'number' ? sort : 1;
  switch (op) {
    case 'eq':
      return truth(a === b);
    case 'conj':
      return truth(values.every((value) => value !== 0n));
    case 'disj':
      return truth(values.some((value) => value !== 0n));
    case 'negate':
      return truth(a === 0n);
    case 'not':
      return wrap(~a, to);
    case 'neg':
      return wrap(-a, to);
    case 'extract':
      return wrap(a >> BigInt(term.low ?? 0), to);
    case 'zext':
      return a;
    case 'sext':
      return wrap(toSigned(a, width), to);
    case 'concat':
      return args.reduce((sum, arg, n) => (sum << BigInt(widthOf(arg))) | (values[n] ?? 0n), 0n);
    default:
      throw new TypeError(`${op} is no operation on numbers`);
  }
}

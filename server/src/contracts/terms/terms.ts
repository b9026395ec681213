import { applied, isArithmetic, isOrder } from './evaluate.ts';
import { wrap } from './bits.ts';
import { simplerArithmetic, simplerOrder } from './simplify.ts';
import { isFalse, isTrue, sortText, widthOf, type Arithmetic, type ArraySort, type Op, type Order, type Sort, type Term } from './term.ts';

/** Makes terms: equal ones once, and in a simple form where that is cheap to see. */
export class Terms {
  readonly #made = new Map<string, Term>();
  readonly yes: Term;
  readonly no: Term;

  constructor() {
    this.no = this.#make('const', 'bool', [], { value: 0n });
    this.yes = this.#make('const', 'bool', [], { value: 1n });
  }

  /** How many different terms there are. */
  get size(): number {
    return this.#made.size;
  }

  bits(value: bigint, width: number): Term {
    return this.#make('const', width, [], { value: wrap(value, width) });
  }

  truth(value: boolean): Term {
    return value ? this.yes : this.no;
  }

  /** One per name. */
  input(name: string, sort: Sort): Term {
    return this.#make('input', sort, [], { name });
  }

  arithmetic(op: Arithmetic, a: Term, b: Term): Term {
    const width = widthOf(a);
    if (widthOf(b) !== width) throw new TypeError(`${op} of ${width} and ${widthOf(b)} bits`);
    return this.#folded(op, width, [a, b]) ?? simplerArithmetic(this, op, a, b) ?? this.#make(op, width, [a, b]);
  }

  order(op: Order, a: Term, b: Term): Term {
    if (widthOf(a) !== widthOf(b)) throw new TypeError(`${op} of ${widthOf(a)} and ${widthOf(b)} bits`);
    return this.#folded(op, 'bool', [a, b]) ?? simplerOrder(this, op, a, b) ?? this.#make(op, 'bool', [a, b]);
  }

  not(a: Term): Term {
    return this.#folded('not', a.sort, [a]) ?? (a.op === 'not' ? a.args[0] : undefined) ?? this.#make('not', a.sort, [a]);
  }

  neg(a: Term): Term {
    return this.#folded('neg', a.sort, [a]) ?? (a.op === 'neg' ? a.args[0] : undefined) ?? this.#make('neg', a.sort, [a]);
  }

  /** The first is the highest part. */
  concat(parts: readonly Term[]): Term {
    const [only] = parts;
    if (only && parts.length === 1) return only;
    const flat = this.#joined(parts.flatMap((part) => (part.op === 'concat' ? part.args : [part])));
    const [joined] = flat;
    if (joined && flat.length === 1) return joined;
    const width = flat.reduce((sum, part) => sum + widthOf(part), 0);
    return this.#folded('concat', width, flat) ?? this.#make('concat', width, flat);
  }

  /** Neighbouring pieces of one value are one piece of it. */
  #joined(parts: readonly Term[]): readonly Term[] {
    const joined: Term[] = [];
    for (const part of parts) {
      const last = joined.at(-1);
      const [from] = part.args;
      const [lastFrom] = last?.args ?? [];
      const low = part.low ?? 0;
      if (last?.op === 'extract' && part.op === 'extract' && from && from === lastFrom && last.low === low + widthOf(part)) joined.splice(-1, 1, this.extract(from, low, widthOf(last) + widthOf(part)));
      else joined.push(part);
    }
    return joined;
  }

  /** `width` bits from bit `low` on. */
  extract(a: Term, low: number, width: number): Term {
    const whole = widthOf(a);
    if (low < 0 || low + width > whole) throw new TypeError(`bits ${low} to ${low + width} of ${whole}`);
    if (width === whole) return a;
    if (a.value !== undefined) return this.bits(a.value >> BigInt(low), width);
    const [inner, second, third] = a.args;
    if (inner && a.op === 'extract') return this.extract(inner, low + (a.low ?? 0), width);
    if (inner && a.op === 'concat') return this.#extractConcat(a, low, width);
    if (inner && a.op === 'zext') {
      const known = widthOf(inner);
      if (low >= known) return this.bits(0n, width);
      return low + width <= known ? this.extract(inner, low, width) : this.zext(this.extract(inner, low, known - low), width);
    }
    if (inner && a.op === 'sext' && low + width <= widthOf(inner)) return this.extract(inner, low, width);
    // A field of a value that was put together of fields, on either way.
    if (inner && second && third && a.op === 'ite' && ([second, third].some(({ op }) => op === 'concat') || (second.value !== undefined && third.value !== undefined))) return this.ite(inner, this.extract(second, low, width), this.extract(third, low, width));
    return this.#make('extract', width, [a], { low });
  }

  #extractConcat(a: Term, low: number, width: number): Term {
    const pieces: Term[] = [];
    let end = widthOf(a);
    for (const part of a.args) {
      const start = end - widthOf(part);
      const [from, to] = [Math.max(low, start), Math.min(low + width, end)];
      if (from < to) pieces.push(this.extract(part, from - start, to - from));
      end = start;
    }
    return this.concat(pieces);
  }

  zext(a: Term, width: number): Term {
    if (widthOf(a) === width) return a;
    if (widthOf(a) > width) throw new TypeError(`${widthOf(a)} bits do not grow to ${width}`);
    const [inner] = a.args;
    if (inner && a.op === 'zext') return this.zext(inner, width);
    return this.#folded('zext', width, [a]) ?? this.#make('zext', width, [a]);
  }

  sext(a: Term, width: number): Term {
    if (widthOf(a) === width) return a;
    if (widthOf(a) > width) throw new TypeError(`${widthOf(a)} bits do not grow to ${width}`);
    const [inner] = a.args;
    if (inner && a.op === 'sext') return this.sext(inner, width);
    if (inner && a.op === 'zext') return this.zext(inner, width);
    return this.#folded('sext', width, [a]) ?? this.#make('sext', width, [a]);
  }

  /** Cut off or widened: as C converts an integer of this signedness. */
  resize(a: Term, width: number, signed: boolean): Term {
    if (widthOf(a) >= width) return this.extract(a, 0, width);
    return signed ? this.sext(a, width) : this.zext(a, width);
  }

  eq(a: Term, b: Term): Term {
    if (sortText(a.sort) !== sortText(b.sort)) throw new TypeError(`${sortText(a.sort)} is compared with ${sortText(b.sort)}`);
    if (a === b) return this.yes;
    if (a.value !== undefined && b.value !== undefined) return this.truth(a.value === b.value);
    const [x, y] = a.id < b.id ? [a, b] : [b, a];
    if (x.sort === 'bool') {
      const [known, other] = x.value === undefined ? [y, x] : [x, y];
      if (known.value !== undefined) return known.value === 1n ? other : this.negate(other);
    }
    return this.#equalConstant(x, y) ?? this.#equalConstant(y, x) ?? this.#make('eq', 'bool', [x, y]);
  }

  #equalConstant(a: Term, b: Term): Term | undefined {
    if (b.value === undefined) return undefined;
    const [inner, second, third] = a.args;
    if (inner && a.op === 'zext') return b.value >> BigInt(widthOf(inner)) === 0n ? this.eq(inner, this.bits(b.value, widthOf(inner))) : this.no;
    if (inner && second?.value !== undefined && third?.value !== undefined && a.op === 'ite') return this.ite(inner, this.eq(second, b), this.eq(third, b));
    return undefined;
  }

  negate(a: Term): Term {
    if (a.value !== undefined) return this.truth(a.value === 0n);
    return (a.op === 'negate' ? a.args[0] : undefined) ?? this.#make('negate', 'bool', [a]);
  }

  all(parts: readonly Term[]): Term {
    return this.#junction('conj', parts, this.yes, this.no);
  }

  any(parts: readonly Term[]): Term {
    return this.#junction('disj', parts, this.no, this.yes);
  }

  implies(a: Term, b: Term): Term {
    return this.any([this.negate(a), b]);
  }

  #junction(op: 'conj' | 'disj', parts: readonly Term[], neutral: Term, absorbing: Term): Term {
    const flat = new Set<Term>();
    for (const part of parts) for (const one of part.op === op ? part.args : [part]) flat.add(one);
    flat.delete(neutral);
    if (flat.has(absorbing)) return absorbing;
    for (const one of flat) if (one.op === 'negate' && one.args[0] && flat.has(one.args[0])) return absorbing;
    const [only = neutral] = flat;
    return flat.size <= 1 ? only : this.#make(op, 'bool', [...flat]);
  }

  ite(condition: Term, then: Term, otherwise: Term): Term {
    if (sortText(then.sort) !== sortText(otherwise.sort)) throw new TypeError(`${sortText(then.sort)} or ${sortText(otherwise.sort)}`);
    if (then === otherwise || isTrue(condition)) return then;
    if (isFalse(condition)) return otherwise;
    const [inner] = condition.args;
    if (inner && condition.op === 'negate') return this.ite(inner, otherwise, then);
    if (isTrue(then) && isFalse(otherwise)) return condition;
    if (isFalse(then) && isTrue(otherwise)) return this.negate(condition);
    if (then.op === 'ite' && then.args[0] === condition && then.args[1]) return this.ite(condition, then.args[1], otherwise);
    if (otherwise.op === 'ite' && otherwise.args[0] === condition && otherwise.args[2]) return this.ite(condition, then, otherwise.args[2]);
    return this.#make('ite', then.sort, [condition, then, otherwise]);
  }

  /** An array with this value at each key. */
  filled(sort: ArraySort, value: Term): Term {
    return this.#make('filled', sort, [value]);
  }

  select(array: Term, key: Term): Term {
    const { sort } = array;
    if (typeof sort !== 'object' || widthOf(key) !== sort.key) throw new TypeError(`a key of ${sortText(key.sort)} bits into ${sortText(sort)}`);
    const [first, at, value] = array.args;
    if (first && array.op === 'filled') return first;
    if (first && at && value && array.op === 'store') {
      const same = this.eq(at, key);
      if (isTrue(same)) return value;
      if (isFalse(same)) return this.select(first, key);
    }
    return this.#make('select', sort.value, [array, key]);
  }

  store(array: Term, key: Term, value: Term): Term {
    const [first, at] = array.args;
    if (first && array.op === 'store' && at === key) return this.store(first, key, value);
    return this.#make('store', array.sort, [array, key, value]);
  }

  #folded(op: Op, sort: Sort, args: readonly Term[]): Term | undefined {
    const values = args.map((arg) => arg.value);
    if (!values.every((value) => value !== undefined)) return undefined;
    const value = applied({ op, args, sort }, values);
    return isArithmetic(op) || !(isOrder(op) || sort === 'bool') ? this.bits(value, sort as number) : this.truth(value === 1n);
  }

  #make(op: Op, sort: Sort, args: readonly Term[], own: Pick<Term, 'value' | 'name' | 'low'> = {}): Term {
    const key = `${op} ${sortText(sort)} ${args.map((arg) => arg.id).join(',')} ${own.value ?? ''} ${own.low ?? ''} ${own.name ?? ''}`;
    const known = this.#made.get(key);
    if (known) return known;
    const made: Term = { op, id: this.#made.size, sort, args, ...own };
    this.#made.set(key, made);
    return made;
  }
}

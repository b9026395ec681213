import { applied, type Value } from './evaluate.ts';
import { wrap } from './bits.ts';
import { ARITHMETIC, ORDER, type Op, type Sort, type Term } from './term.ts';
import { Terms } from './terms.ts';

/** How a term was asked for, before any simplification. */
export type Recipe =
  | { readonly op: 'const'; readonly sort: Sort; readonly value: bigint }
  | { readonly op: 'input'; readonly sort: Sort; readonly name: string }
  | { readonly op: Exclude<Op, 'const' | 'input'>; readonly sort: Sort; readonly args: readonly Recipe[]; readonly low?: number };

interface Made {
  readonly term: Term;
  readonly recipe: Recipe;
}

const WIDTHS = [8, 16, 32, 64] as const;
const INPUTS = 3;

/** Random terms, the same for the same seed. */
export class TermGenerator {
  readonly terms = new Terms();
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  term(): Made {
    return this.#random(4) === 0 ? this.#truth(4) : this.#bits(this.#pick(WIDTHS), 5);
  }

  inputs(): Map<string, Value> {
    return new Map<string, Value>(WIDTHS.flatMap((width) => Array.from({ length: INPUTS }, (_, n): [string, Value] => [`i${width}_${n}`, this.#number(width)])));
  }

  #random(below: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * below);
  }

  #pick<T>(from: readonly T[]): T {
    const one = from[this.#random(from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  #number(width: number): bigint {
    const far = BigInt(this.#random(2 ** 30)) * BigInt(this.#random(2 ** 30));
    return wrap(this.#pick([0n, 1n, -1n, 255n, 8n, 1n << BigInt(width - 1), far]), width);
  }

  #leaf(sort: number): Made {
    const name = `i${sort}_${this.#random(INPUTS)}`;
    const value = this.#number(sort);
    return this.#random(3) === 0 ? { term: this.terms.bits(value, sort), recipe: { op: 'const', sort, value } } : { term: this.terms.input(name, sort), recipe: { op: 'input', sort, name } };
  }

  #truth(depth: number): Made {
    if (depth > 0 && this.#random(3) === 0) return this.#junction(depth);
    const width = this.#pick(WIDTHS);
    const [a, b] = [this.#bits(width, depth - 1), this.#bits(width, depth - 1)];
    const op = this.#pick(['eq', ...ORDER] as const);
    return node(op, 'bool', [a, b], op === 'eq' ? this.terms.eq(a.term, b.term) : this.terms.order(op, a.term, b.term));
  }

  #junction(depth: number): Made {
    const op = this.#pick(['conj', 'disj', 'negate'] as const);
    const [a, b] = [this.#truth(depth - 1), this.#truth(depth - 1)];
    if (op === 'negate') return node(op, 'bool', [a], this.terms.negate(a.term));
    return node(op, 'bool', [a, b], op === 'conj' ? this.terms.all([a.term, b.term]) : this.terms.any([a.term, b.term]));
  }

  #bits(width: number, depth: number): Made {
    if (depth <= 0) return this.#leaf(width);
    const { terms } = this;
    switch (this.#random(7)) {
      case 0: {
        const from = this.#pick(WIDTHS.filter((w) => w >= width));
        const low = this.#random(from - width + 1);
        const a = this.#bits(from, depth - 1);
        return node('extract', width, [a], terms.extract(a.term, low, width), low);
      }
      case 1: {
        const a = this.#bits(this.#pick(WIDTHS.filter((w) => w <= width)), depth - 1);
        const op = this.#pick(['zext', 'sext'] as const);
        return node(op, width, [a], terms[op](a.term, width));
      }
      case 2: {
        const [condition, a, b] = [this.#truth(depth - 1), this.#bits(width, depth - 1), this.#bits(width, depth - 1)];
        return node('ite', width, [condition, a, b], terms.ite(condition.term, a.term, b.term));
      }
      case 3: {
        const op = this.#pick(['not', 'neg'] as const);
        const a = this.#bits(width, depth - 1);
        return node(op, width, [a], terms[op](a.term));
      }
      case 4: {
        if (width === 8) return this.#leaf(width);
        const parts = [this.#bits(width / 2, depth - 1), this.#bits(width / 2, depth - 1)];
        return node('concat', width, parts, terms.concat(parts.map(({ term }) => term)));
      }
      default: {
        const [a, b] = [this.#bits(width, depth - 1), this.#bits(width, depth - 1)];
        const op = this.#pick(ARITHMETIC);
        return node(op, width, [a, b], terms.arithmetic(op, a.term, b.term));
      }
    }
  }
}

function node(op: Exclude<Op, 'const' | 'input'>, sort: Sort, args: readonly Made[], term: Term, low?: number): Made {
  return { term, recipe: { op, sort, args: args.map(({ recipe }) => recipe), ...(low !== undefined && { low }) } };
}

/** The value of what was asked for, with nothing simplified. */
export function naive(recipe: Recipe, given: ReadonlyMap<string, Value>): bigint {
  if (recipe.op === 'const') return recipe.value;
  if (recipe.op === 'input') {
    const value = given.get(recipe.name);
    return typeof value === 'bigint' ? value : 0n;
  }
  const values = recipe.args.map((arg) => naive(arg, given));
  if (recipe.op === 'ite') return values[0] === 0n ? (values[2] ?? 0n) : (values[1] ?? 0n);
  return applied({ op: recipe.op, sort: recipe.sort, args: recipe.args.map(({ sort }) => ({ op: 'const', id: 0, sort, args: [] })), ...(recipe.low !== undefined && { low: recipe.low }) }, values);
}

import { applyTerms } from '../terms/apply.ts';
import { widthOf, type Term } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';

/** Quotients that are compared with one another. */
const MAX_PAIRS = 8;

export interface Divided {
  /** What is asked, with all that is easily said of quotients: for other quotients by the same constant, and for their products with it. */
  readonly claims: readonly Term[];
  /** What makes quotients and products exactly what they are. A solver that computes with single bits has much work with it. */
  readonly exactly: readonly Term[];
}

/** Claims without division by constants: each quotient, and its product with what it was divided by, is a value of its own. */
export function withoutDivision(terms: Terms, claims: readonly Term[]): Divided {
  const quotients = new Quotients(terms);
  const made = new Map<Term, Term>();
  const known = (term: Term): Term => made.get(term) ?? term;
  const make = (term: Term): Term => {
    const args = term.args.map(known);
    const same = args.every((arg, n) => arg === term.args[n]) ? term : applyTerms(terms, term, args);
    quotients.compared(same);
    return same.op === 'mul' ? quotients.back(same) : isByConstant(same) ? quotients.divided(same) : same;
  };
  const todo = [...claims];
  for (let term = todo.at(-1); term; term = todo.at(-1)) {
    const open = made.has(term) ? [] : term.args.filter((arg) => !made.has(arg));
    if (open.length > 0) {
      todo.push(...open);
      continue;
    }
    if (!made.has(term)) made.set(term, make(term));
    todo.pop();
  }
  const { all } = quotients;
  return {
    claims: [...claims.map(known), ...all.flatMap((quotient) => factsOf(terms, quotient)), ...quotients.ofProducts, ...inOrder(terms, all.slice(0, MAX_PAIRS))],
    exactly: all.map(({ value, by, back }) => terms.eq(back, terms.arithmetic('mul', value, by))),
  };
}

interface Quotient {
  readonly value: Term;
  readonly of: Term;
  readonly by: Term;
  /** Its product with what it was divided by. */
  readonly back: Term;
}

const isByConstant = ({ op, args: [of, by] }: Term): boolean => {
  if (of === undefined || by?.value === undefined || of.value !== undefined || by.value === 0n) return false;
  // Signed ones by what is below 0 are not met.
  return op === 'udiv' || op === 'urem' || ((op === 'sdiv' || op === 'srem') && by.value < 1n << BigInt(widthOf(by) - 1));
};

/** The quotients of some claims. */
class Quotients {
  /** What products with constants are, where they do not run over: divided again, and compared with constants. */
  readonly ofProducts: Term[] = [];
  readonly #terms: Terms;
  /** By the division without signs. */
  readonly #made = new Map<Term, Quotient>();
  /** Products with what was divided by, by the quotient as claims have it. */
  readonly #backs = new Map<Term, { readonly by: Term; readonly back: Term }>();

  /** Products by their factors. */
  readonly #products = new Map<string, Term | undefined>();

  constructor(terms: Terms) {
    this.#terms = terms;
  }

  get all(): readonly Quotient[] {
    return [...this.#made.values()];
  }

  /** A quotient or remainder without division. */
  divided(term: Term): Term {
    const terms = this.#terms;
    const [of, by] = term.args;
    if (!of || !by) return term;
    const isSigned = term.op === 'sdiv' || term.op === 'srem';
    const below = isSigned ? terms.order('slt', of, terms.bits(0n, widthOf(of))) : terms.no;
    const quotient = this.#without(terms.ite(below, terms.neg(of), of), by);
    if (!quotient) return isSigned ? term : terms.arithmetic(term.op as 'urem', of, by);
    const [value, back] = [quotient.value, quotient.back].map((one) => terms.ite(below, terms.neg(one), one));
    if (!value || !back) return term;
    if (!this.#backs.has(value)) {
      this.#backs.set(value, { by, back });
      this.#ofProduct(of, by, value, isSigned);
    }
    return term.op === 'udiv' || term.op === 'sdiv' ? value : terms.arithmetic('sub', of, back);
  }

  /** A product, which is known where it is one of a quotient, or of a sum with one, and what was divided by. */
  back(product: Term): Term {
    const [factor, by] = withConstant(product) ?? [];
    return (factor && by && this.#times(factor, by)) ?? product;
  }

  /** Takes a comparison of a product with a constant in: it is one of the factor. */
  compared({ op, args: [left, right] }: Term): void {
    if (!left || !right || (op !== 'ult' && op !== 'ule')) return;
    const terms = this.#terms;
    const [product, bound] = left.value === undefined ? [left, right] : [right, left];
    const [factor, times] = withConstant(product) ?? [];
    if (!factor || !times?.value || bound.value === undefined || product.value !== undefined) return;
    const width = widthOf(product);
    const limit = (value: bigint): Term => terms.bits(value, width);
    // The least product, or the one above, that is beyond the bound.
    const first = op === 'ult' ? bound.value : bound.value + 1n;
    const above = op === 'ule' ? bound.value : bound.value + 1n;
    const same = product === left
      ? terms.eq(terms.order(op, left, right), terms.order('ult', factor, limit((first + times.value - 1n) / times.value)))
      : terms.eq(terms.order(op, left, right), terms.order('ule', limit((above + times.value - 1n) / times.value), factor));
    this.ofProducts.push(terms.implies(terms.order('ule', factor, limit((2n ** BigInt(width) - 1n) / times.value)), same));
  }

  /** Quotients in the factor are known already: arguments are made before what they are arguments of. */
  #times(factor: Term, by: Term): Term | undefined {
    const id = `${factor.id} ${by.id}`;
    if (!this.#products.has(id)) this.#products.set(id, this.#multiplied(factor, by));
    return this.#products.get(id);
  }

  #multiplied(factor: Term, by: Term): Term | undefined {
    const terms = this.#terms;
    const known = this.#backs.get(factor);
    if (known) return known.by === by ? known.back : undefined;
    if (factor.value !== undefined) return terms.arithmetic('mul', factor, by);
    const [a, b, c] = factor.args;
    if (factor.op === 'ite' && a && b && c) {
      const [then, otherwise] = [this.#times(b, by), this.#times(c, by)];
      return then && otherwise && terms.ite(a, then, otherwise);
    }
    const parts = factor.op === 'add' && a && b ? [this.#times(a, by), this.#times(b, by)] : [];
    return parts[0] && parts[1] && terms.arithmetic('add', parts[0], parts[1]);
  }

  #without(of: Term, by: Term): Quotient | undefined {
    const terms = this.#terms;
    const whole = terms.arithmetic('udiv', of, by);
    // Seen at once, as for 1.
    if (!isByConstant(whole)) return undefined;
    const [value, back] = ['quotient of', 'divided part of'].map((what) => terms.input(`${what} ${of.id} by ${by.value ?? 0n}`, widthOf(of)));
    if (!value || !back) return undefined;
    const quotient = this.#made.get(whole) ?? { value, of, by, back };
    this.#made.set(whole, quotient);
    return quotient;
  }

  #ofProduct(of: Term, by: Term, value: Term, isSigned: boolean): void {
    const terms = this.#terms;
    const [factor, times] = withConstant(of) ?? [];
    if (!factor || !times?.value || by.value === undefined || times.value % by.value !== 0n) return;
    const width = widthOf(of);
    const most = (2n ** BigInt(isSigned ? width - 1 : width) - 1n) / times.value;
    const limit = (bound: bigint): Term => terms.bits(bound, width);
    const fits = isSigned ? terms.all([terms.order('sle', limit(-most), factor), terms.order('sle', factor, limit(most))]) : terms.order('ule', factor, limit(most));
    this.ofProducts.push(terms.implies(fits, terms.eq(value, terms.arithmetic('mul', factor, limit(times.value / by.value)))));
  }
}

/** The factors of a product with a constant, which is the second one. */
function withConstant({ op, args: [a, b] }: Term): readonly [Term, Term] | undefined {
  if (op !== 'mul' || !a || !b) return undefined;
  return b.value !== undefined ? [a, b] : a.value !== undefined ? [b, a] : undefined;
}

function factsOf(terms: Terms, { value, of, by, back }: Quotient): readonly Term[] {
  const width = widthOf(value);
  const most = terms.bits((2n ** BigInt(width) - 1n) / (by.value ?? 1n), width);
  return [terms.order('ule', value, most), terms.order('ule', value, of), terms.order('ule', back, of), terms.order('ult', terms.arithmetic('sub', of, back), by)];
}

/** More divided by the same gives no less. */
function inOrder(terms: Terms, quotients: readonly Quotient[]): readonly Term[] {
  return quotients.flatMap((one, n) =>
    quotients.slice(n + 1).filter(({ by }) => by === one.by).flatMap((other) => [
      terms.implies(terms.order('ule', one.of, other.of), terms.order('ule', one.value, other.value)),
      terms.implies(terms.order('ule', other.of, one.of), terms.order('ule', other.value, one.value)),
    ]),
  );
}

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
  const quotients = new Map<Term, Quotient>();
  const made = new Map<Term, Term>();
  const known = (term: Term): Term => made.get(term) ?? term;
  const make = (term: Term): Term => {
    const args = term.args.map(known);
    const same = args.every((arg, n) => arg === term.args[n]) ? term : applyTerms(terms, term, args);
    if (same.op === 'mul') return [...quotients.values()].find(({ value, by }) => same.args.includes(value) && same.args.includes(by))?.back ?? same;
    return isByConstant(same) ? divided(terms, same, quotients) : same;
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
  const all = [...quotients.values()];
  return {
    claims: [...claims.map(known), ...all.flatMap((quotient) => factsOf(terms, quotient)), ...inOrder(terms, all.slice(0, MAX_PAIRS))],
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

const isByConstant = ({ op, args }: Term): boolean => (op === 'udiv' || op === 'urem') && (args[1]?.value ?? 0n) > 0n && args[0]?.value === undefined;

function divided(terms: Terms, term: Term, quotients: Map<Term, Quotient>): Term {
  const [of, by] = term.args;
  if (!of || !by) return term;
  const whole = terms.arithmetic('udiv', of, by);
  // Seen at once, as for powers of two.
  if (!isByConstant(whole)) return terms.arithmetic(term.op as 'urem', of, by);
  const [value, back] = ['quotient of', 'divided part of'].map((what) => terms.input(`${what} ${of.id} by ${by.value ?? 0n}`, widthOf(of)));
  if (!value || !back) return term;
  const quotient = quotients.get(whole) ?? { value, of, by, back };
  quotients.set(whole, quotient);
  return term.op === 'udiv' ? value : terms.arithmetic('sub', of, quotient.back);
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

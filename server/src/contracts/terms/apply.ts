import { isArithmetic, isOrder } from './evaluate.ts';
import type { Op, Sort, Term } from './term.ts';
import type { Terms } from './terms.ts';

/** An operation on values, not on arrays. Throws for a wrong number of arguments: a defect of the caller. */
export function applyTerms(terms: Terms, { op, sort, low = 0 }: { readonly op: Op; readonly sort: Sort; readonly low?: number }, args: readonly Term[]): Term {
  const [a, b, c] = args;
  if (!a) throw new TypeError(`${op} of nothing`);
  if (op === 'concat') return terms.concat(args);
  if (op === 'conj') return terms.all(args);
  if (op === 'disj') return terms.any(args);
  if (op === 'negate' || op === 'not' || op === 'neg') return terms[op](a);
  if (op === 'extract') return terms.extract(a, low, sort as number);
  if (op === 'zext' || op === 'sext') return terms[op](a, sort as number);
  if (!b) throw new TypeError(`${op} of one value`);
  if (isArithmetic(op)) return terms.arithmetic(op, a, b);
  if (isOrder(op)) return terms.order(op, a, b);
  if (op === 'eq') return terms.eq(a, b);
  if (!c) throw new TypeError('a choice of one value');
  return terms.ite(a, b, c);
}

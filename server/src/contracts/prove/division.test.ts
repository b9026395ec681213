import { expect, it } from 'vitest';
import { Evaluation } from '../terms/evaluate.ts';
import { Terms } from '../terms/terms.ts';
import { withoutDivision } from './division.ts';

/** What quotients and products with what was divided by are, when they are exact. */
function exact(x: bigint, by: bigint): Map<string, bigint> {
  const terms = new Terms();
  const id = terms.input('x', 16).id;
  return new Map([['x', x], [`quotient of ${id} by ${by}`, x / by], [`divided part of ${id} by ${by}`, (x / by) * by]]);
}

it('claims without division hold for exact quotients just when they held before', () => {
  for (const x of [0n, 1n, 9n, 10n, 999n, 65_535n]) {
    const terms = new Terms();
    const of = terms.input('x', 16);
    const by = terms.bits(10n, 16);
    const quotient = terms.arithmetic('udiv', of, by);
    const claims = [terms.eq(terms.arithmetic('urem', of, by), terms.bits(9n, 16)), terms.order('ule', terms.bits(5n, 16), quotient), terms.order('ule', terms.arithmetic('mul', quotient, by), of)];
    const { claims: made, exactly } = withoutDivision(terms, claims);
    const [before, after] = [new Evaluation(exact(x, 10n)), new Evaluation(exact(x, 10n))];
    expect(made.slice(0, 3).map((claim) => after.holds(claim)), String(x)).toEqual(claims.map((claim) => before.holds(claim)));
    expect([...made.slice(3), ...exactly].every((fact) => after.holds(fact)), String(x)).toBe(true);
  }
});

it('powers of two and what is not divided by a constant stay as they are', () => {
  const terms = new Terms();
  const [x, y] = [terms.input('x', 8), terms.input('y', 8)];
  const claim = terms.eq(terms.arithmetic('udiv', x, y), terms.bits(1n, 8));
  expect(withoutDivision(terms, [claim])).toEqual({ claims: [claim], exactly: [] });
});

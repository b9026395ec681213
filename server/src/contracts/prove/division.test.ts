import { expect, it } from 'vitest';
import { Evaluation } from '../terms/evaluate.ts';
import type { Term } from '../terms/term.ts';
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

/** The claims with the quotients in them set to what they are. */
function holdsExactly(claims: readonly Term[], x: bigint): boolean[] {
  const seen = new Set<Term>(claims);
  for (const term of seen) for (const arg of term.args) seen.add(arg);
  const made = [...seen].filter(({ op, name }) => op === 'input' && name !== 'x');
  const values = new Map<string, bigint>([['x', x]]);
  const byId = new Map([...seen].map((term) => [term.id, term]));
  for (const { name = '' } of made) {
    const [, id = '', by = ''] = /^(?:quotient|divided part) of (\d+) by (\d+)$/.exec(name) ?? [];
    const of = byId.get(Number(id));
    const dividend = of ? new Evaluation(values).of(of) : x;
    values.set(name, name.startsWith('quotient') ? dividend / BigInt(by) : dividend - (dividend % BigInt(by)));
  }
  return claims.map((claim) => new Evaluation(values).holds(claim));
}

it('signed quotients, their products with sums, and products that are divided again', () => {
  for (const signed of [0n, 1n, 9n, 10n, -1n, -9n, -10n, -999n, 3_276n, 3_277n, 32_767n, -32_768n]) {
    const x = BigInt.asUintN(16, signed);
    const terms = new Terms();
    const of = terms.input('x', 16);
    const number = (value: bigint): Term => terms.bits(value, 16);
    const quotient = terms.arithmetic('sdiv', of, number(10n));
    const some = terms.ite(terms.eq(of, number(9n)), number(0n), quotient);
    const more = terms.arithmetic('mul', terms.arithmetic('add', some, number(1n)), number(10n));
    const product = terms.arithmetic('mul', of, number(10n));
    const before = [
      terms.order('slt', of, more), terms.eq(terms.arithmetic('srem', of, number(10n)), number(-9n)), terms.order('sle', terms.arithmetic('mul', number(10n), quotient), of),
      terms.eq(terms.arithmetic('sdiv', product, number(10n)), of), terms.eq(terms.arithmetic('udiv', product, number(5n)), terms.arithmetic('mul', of, number(2n))),
    ];
    const { claims, exactly } = withoutDivision(terms, before);
    expect(claims[0]?.args.map(({ op }) => op)).not.toContain('mul');
    const plain = new Evaluation(new Map([['x', x]]));
    const after = holdsExactly([...claims, ...exactly], x);
    expect(after.slice(0, before.length), String(x)).toEqual(before.map((claim) => plain.holds(claim)));
    expect(after.slice(before.length).every(Boolean), String(x)).toBe(true);
  }
});

it('a comparison of a product with a constant is one of its factor, where the product does not run over', () => {
  const terms = new Terms();
  const x = terms.input('x', 8);
  const number = (value: bigint): Term => terms.bits(value, 8);
  const bounds = [0n, 1n, 6n, 7n, 8n, 200n, 255n];
  const claims = bounds.flatMap((bound) => (['ult', 'ule'] as const).flatMap((op) => {
    const product = terms.arithmetic('mul', x, number(7n));
    return [terms.order(op, product, number(bound)), terms.order(op, number(bound), product)];
  }));
  const facts = withoutDivision(terms, claims).claims.slice(claims.length);
  expect(facts.length).toBeGreaterThan(20);
  for (let value = 0n; value < 256n; value++) {
    const values = new Evaluation(new Map([['x', value]]));
    expect(facts.every((fact) => values.holds(fact)), String(value)).toBe(true);
  }
});

it('powers of two and what is not divided by a constant stay as they are', () => {
  const terms = new Terms();
  const [x, y] = [terms.input('x', 8), terms.input('y', 8)];
  const claim = terms.eq(terms.arithmetic('udiv', x, y), terms.bits(1n, 8));
  expect(withoutDivision(terms, [claim])).toEqual({ claims: [claim], exactly: [] });
});

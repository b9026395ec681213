import { apply, bits, MOST_AT_ONCE, type IrExpr, type IrStmt } from '../ir/ir.ts';

/** Totals of 64 bits in maps do not run over while a machine lasts, as long as little is added at each event. */
export function staysInRange(before: IrExpr, by: IrExpr, signed: boolean, span: IrStmt['span']): IrStmt {
  const highest = (signed ? 1n << 63n : 1n << 64n) - MOST_AT_ONCE;
  const low = apply(signed ? 'slt' : 'ult', 'bool', before, bits(highest, 64));
  const little = apply('ult', 'bool', by, bits(MOST_AT_ONCE, 64));
  return { kind: 'assume', condition: by.kind === 'const' ? low : apply('disj', 'bool', apply('negate', 'bool', little), low), span };
}

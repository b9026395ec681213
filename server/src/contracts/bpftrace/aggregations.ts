import type { Assign, Call, Expr } from '../../language/bpftrace/syntax/ast.ts';
import { apply, bits, type IrExpr, type IrOp } from '../ir/ir.ts';
import { spanOf, type Cx } from './context.ts';
import { evaluateAll, keep, keyOf, layoutFor } from './expressions.ts';
import { entryOf, keyWidth, presentIn, valueWidth } from './maps.ts';
import { NoMeaning } from './no-meaning.ts';
import { assertSites } from './sites.ts';
import { staysInRange } from './range.ts';
import { choose, slice, toBits } from './values.ts';

const AGGREGATIONS = new Set(['count', 'sum', 'avg', 'min', 'max', 'stats', 'hist', 'lhist', 'tseries']);
export const isAggregation = (name: string): boolean => AGGREGATIONS.has(name);

/** `@m[k] = sum(v)`: what the entry holds then. Of histograms only that there is one. */
export function aggregate(cx: Cx, target: Extract<Expr, { kind: 'map' }>, call: Call, node: Assign): void {
  const layout = layoutFor(cx, target.name);
  const { value: type } = layout;
  if (type.kind !== 'aggregation') throw new NoMeaning(`${target.name} holds other values, too`);
  const args = evaluateAll(cx, call.args);
  assertSites(cx, call);
  const key = keep(cx, keyOf(cx, layout, target.keys ?? []), keyWidth(layout));
    const [first] = args;
  const put = (value: IrExpr): void => void cx.out.push({ kind: 'put', map: layout.name, key, value, span: spanOf(cx, node) });
  const before = entryOf(layout, key);
  const given = (): IrExpr => {
    if (!first) throw new NoMeaning(`${call.callee.text}() has no argument`);
    return toBits(first, 64);
  };
  switch (call.callee.text) {
    case 'count':
    case 'sum': {
      const by = call.callee.text === 'count' ? bits(1, 64) : given();
      const signed = type.signed && call.callee.text === 'sum';
      cx.out.push(staysInRange(before, by, signed, spanOf(cx, node)));
      return put(apply('add', 64, before, by));
    }
    case 'min':
    case 'max':
      return put(extreme(call.callee.text, presentIn(layout, key), before, given(), type.signed));
    case 'avg':
    case 'stats':
      return put(apply('concat', 128, apply('add', 64, slice(before, 64, 64), given()), apply('add', 64, slice(before, 0, 64), bits(1, 64))));
    default:
      return put(bits(1, valueWidth(layout)));
  }
}

function extreme(which: 'min' | 'max', present: IrExpr, before: IrExpr, given: IrExpr, signed: boolean): IrExpr {
  const less: IrOp = signed ? 'slt' : 'ult';
  const replaces = which === 'min' ? apply(less, 'bool', given, before) : apply(less, 'bool', before, given);
  return choose(present, choose(replaces, given, before, 64), given, 64);
}

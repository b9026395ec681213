import type { Assign, Expr, Let } from '../../language/bpftrace/syntax/ast.ts';
import { apply, bits, not, type IrExpr } from '../ir/ir.ts';
import type { Condition } from '../properties/site.ts';
import { no, spanOf, variable, yes, type Cx } from './context.ts';
import { evaluate, keyOf, layoutFor } from './expressions.ts';
import { presentIn } from './maps.ts';
import { fieldOf, placeOf } from './memory.ts';
import { NoMeaning } from './no-meaning.ts';
import { binary, swapped } from './operators.ts';
import { resize, toBits, toTruth, type Value } from './values.ts';

/** The built-in properties that are to hold right before a node is carried out. */
export function assertSites(cx: Cx, node: Expr | Assign): void {
  if (cx.quiet) return;
  const { info, program } = cx;
  for (const site of program.properties.sites) {
    if (site.node !== node || site.probe !== info?.probe) continue;
    const span = spanOf(cx, node);
    const condition = understood(cx, site.condition);
    if (condition) cx.out.push({ kind: 'assert', property: site.property, condition, span, says: site.says });
    else program.unsupported.push({ span, handler: cx.handler, what: `it is not known whether ${site.says}`, only: { property: site.property, says: site.says } });
  }
}

/** What is to be remembered of a value that is assigned. */
export function remember(cx: Cx, at: Assign | Let): void {
  for (const memory of cx.program.properties.memories) {
    if (memory.at !== at || memory.probe !== cx.info?.probe) continue;
    cx.out.push({ kind: 'set', name: memory.name, value: understood(cx, memory.condition) ?? no, span: spanOf(cx, at) });
  }
}

function understood(cx: Cx, condition: Condition): IrExpr | undefined {
  const { quiet } = cx;
  cx.quiet = true;
  try {
    return truthOf(cx, condition);
  } catch (error) {
    if (error instanceof NoMeaning) return undefined;
    throw error;
  } finally {
    cx.quiet = quiet;
  }
}

function truthOf(cx: Cx, condition: Condition): IrExpr {
  switch (condition.kind) {
    case 'never':
      return no;
    case 'true':
      return yes;
    case 'nonzero':
      return toTruth(evaluate(cx, condition.of));
    case 'at-most':
      return apply('ule', 'bool', wide(cx, condition.low), wide(cx, condition.high));
    case 'below':
      return apply('ult', 'bool', wide(cx, condition.of), bits(condition.limit, 64));
    case 'present': {
      const layout = layoutFor(cx, condition.entry.name);
      return presentIn(layout, keyOf(cx, layout, condition.entry.keys ?? []));
    }
    case 'fits':
      return fits(evaluate(cx, condition.of), condition.bits, condition.signed);
    case 'same-swapped': {
      const low = resize(wide(cx, condition.of), 64, condition.bits, false);
      return apply('eq', 'bool', swapped(low, condition.bits), low);
    }
    case 'field-not':
      return not(fieldIs(cx, condition));
    case 'remembered':
      return variable(condition.name, 'bool');
    case 'choice':
      return apply('ite', 'bool', toTruth(evaluate(cx, condition.on)), truthOf(cx, condition.then), truthOf(cx, condition.otherwise));
  }
}

const wide = (cx: Cx, node: Expr): IrExpr => toBits(evaluate(cx, node), 64);

/** The same number in an integer of so many bits: both seen as integers without bounds. */
function fits(value: Value, width: number, signed: boolean): IrExpr {
  if (value.kind === 'truth') return yes;
  if (value.kind !== 'bits') throw new NoMeaning('only numbers are cut');
  const wider = Math.max(value.bits, width) + 1;
  const exact = resize(value.ir, value.bits, wider, value.signed);
  return apply('eq', 'bool', resize(resize(exact, wider, width, false), width, wider, signed), exact);
}

function fieldIs(cx: Cx, { object, path, value }: Extract<Condition, { kind: 'field-not' }>): IrExpr {
  let at = evaluate(cx, object);
  for (const name of path) at = fieldOf(cx, placeOf(at), name, object, name);
  const wanted: Value = { kind: 'bits', ir: bits(value, 64), bits: 64, signed: true, type: { kind: 'integer', bits: 64, signed: true }, literal: value };
  return toTruth(binary('==', at, wanted, cx.words.rules));
}


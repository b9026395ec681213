import { child, type Cst } from '../../../language/bpftrace/syntax/cst.ts';
import { keeps, promiseOfName, promiseOfText, type Promised } from '../../properties/promises.ts';
import { nameOf, sameUnit } from '../../properties/units.ts';
import { printedBy } from '../flow/calls.ts';
import { bareC, operatorOf } from '../flow/piece.ts';
import { directivesOf } from './format.ts';
import type { Writer } from './writer.ts';

const MEETING = /^(?:[-+]=?|[<>]=?|[=!]=)$/;

/** `units` at one expression: numbers in one unit that meet numbers in another, or stand under the name of another. */
export function units(w: Writer, node: Cst): void {
  const [left, right] = [child(node, 'left'), child(node, 'right')];
  if (left && right && MEETING.test(operatorOf(node))) met(w, node, left, right);
  if (left && right && node.type === 'assignment_expression' && operatorOf(node) === '=') named(w, nameIn(w, left), right);
  if (node.type === 'init_declarator') named(w, nameIn(w, child(node, 'declarator')), child(node, 'value'));
  if (node.type === 'initializer_pair') named(w, w.text(child(node, 'designator')).replace('.', ''), child(node, 'value'));
  const printed = node.type === 'call_expression' ? printedBy(w.piece, node) : undefined;
  for (const { argument, conversion, before, after } of printed ? directivesOf(w, printed) : []) {
    const promise = /^[diu]$/.test(conversion) ? promiseOfText(before, after) : undefined;
    if (promise) kept(w, argument, promise, (word) => `printed as ${word}`);
  }
}

function met(w: Writer, node: Cst, left: Cst, right: Cst): void {
  const [a, b] = [w.of(left).quality, w.of(right).quality];
  if (!a.unit || !b.unit || a.constant === 0n || b.constant === 0n) return;
  const same = sameUnit(a.unit, b.unit);
  w.before(node, 'units', same ? `both are in ${nameOf(a.unit)}` : `${w.text(left)} is in ${nameOf(a.unit)}, ${w.text(right)} in ${nameOf(b.unit)}`, same ? '1' : '0');
}

/** The name that a value gets: a variable's or a member's. */
function nameIn(w: Writer, target: Cst | undefined): string {
  return target?.type === 'identifier' ? w.text(target) : target?.type === 'field_expression' ? w.text(child(target, 'field')) : '';
}

/** What was told once is taken at its word from there on. */
function named(w: Writer, name: string, value: Cst | undefined): void {
  if (!value) return;
  const { origin } = w.of(value);
  const promise = promiseOfName(name, origin?.kind === 'field' ? origin.name : undefined);
  if (promise) kept(w, value, promise, () => `kept as ${name}`);
}

function kept(w: Writer, value: Cst, promise: Promised, how: (word: string) => string): void {
  const { unit, constant } = w.of(value).quality;
  if (!unit || constant !== undefined) return;
  const right = keeps(promise, unit);
  w.before(bareC(value), 'units', `${w.text(value)}, in ${nameOf(unit)}, is ${right ? '' : 'not '}${how(promise.word)}`, right ? '1' : '0');
}

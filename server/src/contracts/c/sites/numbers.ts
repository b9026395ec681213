import { child, type Cst } from '../../../language/bpftrace/syntax/cst.ts';
import { bareC, operatorOf, uncast } from '../flow/piece.ts';
import { numberOfType } from '../flow/types.ts';
import { isTest, outer, type Parents, type Writer } from './writer.ts';

/** `div-by-zero`, `unsigned-underflow`, `out-of-bounds` at one expression; `into`: the type it is converted to. */
export function numbers(w: Writer, node: Cst, parents: Parents, into: { readonly bits: number; readonly signed: boolean } | undefined): void {
  const [left, right] = [child(node, 'left'), child(node, 'right')];
  const op = operatorOf(node);
  if (node.type === 'subscript_expression') subscript(w, node);
  else if (node.type === 'update_expression' && op === '--' && parents.at(-1)?.type === 'expression_statement') decrement(w, node);
  if (!left || !right) return;
  if (/^[/%]=?$/.test(op) && !w.isConstant(right)) w.ofValue(right, 'div-by-zero', right, `${w.text(right)} is not 0`, (b) => `${b} != 0`);
  if (op === '-=') w.ofValue(right, 'unsigned-underflow', node, `${w.text(right)} is at most ${w.text(left)}`, (b) => noUnderflow(`(${w.text(left)})`, b));
  if (node.type === 'binary_expression' && op === '-' && !w.isConstant(left)) difference(w, node, left, right, parents, into);
}

function difference(w: Writer, node: Cst, left: Cst, right: Cst, parents: Parents, into: { readonly bits: number; readonly signed: boolean } | undefined): void {
  const time = w.of(left).origin?.kind === 'clock';
  // What is meant to be signed may be below 0; a time is not, unless it is kept in all its bits.
  if (into?.signed === true && (!time || into.bits > 32)) return;
  if (runsOver(node, parents)) return;
  const stamp = w.of(right).origin;
  // The kernel's own stamps were taken before.
  if (time && stamp?.kind === 'field' && !stamp.own) return;
  const [a, b] = [w.fresh('a'), w.fresh('b')];
  const both = [left, right].every((side) => numberOfType(w.of(side).type)?.signed === false);
  const sign = node.children.find(({ field }) => field === 'operator');
  if (!sign) return;
  w.replace(sign, `) + 0; __auto_type ${b} = (`);
  const says = `${w.text(right)} is at most ${w.text(left)}`;
  w.wrap(node, `({ ${time ? written(w, right) : ''}__auto_type ${a} = (`, `) + 0; ${time ? notEmpty(w, right, b) : ''}${w.assert('unsigned-underflow', node, says, noUnderflow(a, b, both && into?.signed === false))}; ${a} - ${b}; })`);
}

/** A difference that is masked, or asked only whether it is 0. */
function runsOver(node: Cst, parents: Parents): boolean {
  const around = outer(parents);
  return around?.type === 'binary_expression' && (/^&$/.test(operatorOf(around)) || (/^[=!]=$/.test(operatorOf(around)) && [child(around, 'left'), child(around, 'right')].some((side) => side && bareC(side) === node)));
}

/** Where C computes it in unsigned numbers; `narrow`: also in ints that were made of unsigned ones and become unsigned again. */
function noUnderflow(a: string, b: string, narrow = false): string {
  const each = ['unsigned int', 'unsigned long', 'unsigned long long'].map((type) => `${type}: (${type})${a} >= (${type})${b}`);
  return `_Generic((${a}) - (${b}), ${each.join(', ')}, default: ${narrow ? `${a} >= ${b}` : '1'})`;
}

/** What is in an array's slot before it is written is no time; read where it lies. */
function written(w: Writer, right: Cst): string {
  const at = uncast(right);
  if (!/^(?:pointer|field)_expression$/.test(at.type) || w.of(at).entry === undefined || testedBehind(w, at)) return '';
  return `${w.mark({ kind: 'written', property: 'absent-entry', span: w.span(at), says: `${w.text(at)} was stored before` }, `&(${w.text(at)})`)}; `;
}

/** The same of a variable that it was read into. */
function notEmpty(w: Writer, right: Cst, name: string): string {
  const at = uncast(right);
  const { entry } = w.of(at);
  const array = entry !== undefined && /ARRAY$/.test(w.flow.world.analysis.maps.get(entry) ?? '');
  if (at.type !== 'identifier' || !array || testedBehind(w, at)) return '';
  return `${w.assert('absent-entry', at, `${w.text(at)}, read from ${entry}, was stored before`, `${name} != 0`)}; `;
}

/** Whether the program looks at it before it goes on with the difference. */
function testedBehind(w: Writer, node: Cst): boolean {
  const text = w.text(node);
  const search = (at: Cst, parents: Parents): boolean => (at.start > node.end && w.text(at) === text && isTest(at, parents)) || at.children.some((inner) => search(inner, [...parents, at]));
  return search(w.piece.body, []);
}

function decrement(w: Writer, node: Cst): void {
  const argument = child(node, 'argument');
  if (argument) w.before(node, 'unsigned-underflow', `${w.text(argument)} is not 0`, noUnderflow(`(${w.text(argument)})`, '1'));
}

function subscript(w: Writer, node: Cst): void {
  const [array, index] = [child(node, 'argument'), child(node, 'index')];
  if (!array || !index || w.isConstant(index)) return;
  const text = w.text(array);
  w.ofValue(index, 'out-of-bounds', node, `${w.text(index)} is an index of ${text}`, (i) => `__builtin_types_compatible_p(__typeof__(${text}), __typeof__(&(${text})[0])) || (unsigned long)${i} < sizeof(${text}) / sizeof((${text})[0])`);
}
